"""What the plans module declares to the rest of the site."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evenhand.authorities.models import Authority, User
from evenhand.modules import Module, RecordedAction, StaffSection, SubjectKind, SubjectName
from evenhand.plans.permissions import EDIT_PLAN, PUBLISH_PLAN
from evenhand.plans.queries import KIND, visible
from evenhand.plans.staff_tasks import plan_tasks

_DETAILS = {"slug": _("Web address"), "sha256": _("Fingerprint of the file (SHA-256)")}


def _plan_names(ids: Collection[UUID], person: User, authority: Authority) -> Mapping[UUID, SubjectName]:
    return {
        plan.id: SubjectName(f"“{plan.title}”", reverse("plans:plan", args=[authority.slug, plan.slug]))
        for plan in visible(authority, by=person).filter(id__in=ids)
    }


MODULE = Module(
    permissions=(EDIT_PLAN, PUBLISH_PLAN),
    actions=(
        RecordedAction("plans.import", _("Uploaded a plan"), details=_DETAILS),
        RecordedAction("plans.publish", _("Published a plan"), public=_("A plan was published.")),
    ),
    subjects=(SubjectKind(KIND, _("plan"), _plan_names),),
    sections=(
        StaffSection(
            _("Plans"), _("Equality objectives in their own words, and what is missing from them."), "plans:plans"
        ),
    ),
    urls=(("work/", "evenhand.plans.urls"),),
    staff_tasks=(plan_tasks,),
)

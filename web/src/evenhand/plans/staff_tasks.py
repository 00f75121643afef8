"""The plans that a person can publish, as tasks on their home page."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from evenhand.authorities.models import User
from evenhand.authorities.permissions import may
from evenhand.authorities.queries import authorities_of
from evenhand.modules import StaffTask
from evenhand.plans.models import Plan
from evenhand.plans.permissions import PUBLISH_PLAN


def plan_tasks(person: User) -> Iterator[StaffTask]:
    for authority in authorities_of(person):
        if not may(person, PUBLISH_PLAN, authority).allowed:
            continue
        for plan in Plan.objects.filter(authority=authority, published_at=None).order_by("imported_at"):
            yield StaffTask(
                _("Decide whether to publish “%(title)s”") % {"title": plan.title},
                reverse("plans:plan", args=[authority.slug, plan.slug]),
                _("%(authority)s: the plan is a draft.") % {"authority": authority},
            )

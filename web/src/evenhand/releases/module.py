"""What the releases module declares to the rest of the site."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evenhand.authorities.models import Authority, User
from evenhand.modules import Module, RecordedAction, StaffSection, SubjectKind, SubjectName
from evenhand.releases import requirements
from evenhand.releases.permissions import APPROVE_RELEASE, PREPARE_RELEASE
from evenhand.releases.queries import SUBJECT_KIND, visible
from evenhand.releases.staff_tasks import release_tasks
from evenstat.disclosure import POLICIES

_DETAILS = {
    "policy": _("Rule for hiding small counts"),
    "rows_hidden": _("Rows hidden to protect people"),
    "hidden": _("Figures hidden to protect people"),
    "certificate": _("Fingerprint of the certificate (SHA-256)"),
    "csv": _("Fingerprint of the file of figures (SHA-256)"),
}
_CODES = {"policy": {policy.id: policy.name for policy in POLICIES}}
_NEEDED = (
    requirements.SOURCE,
    requirements.PROTECTION,
    requirements.DISCLOSURE_CHECK,
    requirements.NOTHING_ELSE_OUT,
    requirements.CERTIFICATE,
)


def _release_names(ids: Collection[UUID], person: User, authority: Authority) -> Mapping[UUID, SubjectName]:
    return {
        release.id: SubjectName(
            f"“{release.title}”", reverse("releases:publication", args=[authority.slug, release.slug])
        )
        for release in visible(authority, by=person).filter(id__in=ids)
    }


MODULE = Module(
    purpose=_("Accountability: who uploaded and approved which figures"),
    permissions=(PREPARE_RELEASE, APPROVE_RELEASE),
    actions=(
        RecordedAction("releases.draft", _("Started a publication"), details=_DETAILS, codes=_CODES),
        RecordedAction("releases.protect", _("Protected the figures of a publication"), details=_DETAILS, codes=_CODES),
        RecordedAction("releases.check", _("Checked a publication"), details=_DETAILS, codes=_CODES),
        RecordedAction("releases.approve", _("Approved a publication"), details=_DETAILS, codes=_CODES),
        RecordedAction(
            "releases.publish",
            _("Published figures"),
            public=_("Figures were published."),
            details=_DETAILS,
            codes=_CODES,
        ),
        RecordedAction("releases.reopen", _("Reopened a publication"), details=_DETAILS, codes=_CODES),
    ),
    subjects=(SubjectKind(SUBJECT_KIND, _("publication"), _release_names),),
    sections=(
        StaffSection(_("Publications"), _("Protect, check, approve and publish figures."), "releases:publications"),
    ),
    gates={requirements.APPROVE: _NEEDED, requirements.PUBLISH: _NEEDED},
    requirements={
        requirements.SOURCE: requirements.stated_source,
        requirements.PROTECTION: requirements.protection,
        requirements.DISCLOSURE_CHECK: requirements.disclosure_check,
        requirements.CERTIFICATE: requirements.valid_certificate,
        requirements.NOTHING_ELSE_OUT: requirements.no_other_publication,
    },
    data_labels={"releases.release": _("Publications protected or approved")},
    urls=(("work/", "evenhand.releases.urls"),),
    staff_tasks=(release_tasks,),
)

"""What the evidence module declares to the rest of the site."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import SEE_DRAFTS, may
from evenhand.evidence.models import Dataset, Snapshot
from evenhand.evidence.permissions import IMPORT_EVIDENCE, SEE_UNPROTECTED
from evenhand.modules import Module, RecordedAction, StaffSection, SubjectKind, SubjectName


def _dataset_names(ids: Collection[UUID], person: User, authority: Authority) -> Mapping[UUID, SubjectName]:
    if not may(person, SEE_DRAFTS, authority).allowed:
        return {}
    page = reverse("evidence:figures", args=[authority.slug])
    datasets = Dataset.objects.filter(id__in=ids, authority=authority)
    return {dataset.id: SubjectName(dataset.title or dataset.slug, page) for dataset in datasets}


def _snapshot_names(ids: Collection[UUID], person: User, authority: Authority) -> Mapping[UUID, SubjectName]:
    if not may(person, SEE_DRAFTS, authority).allowed:
        return {}
    snapshots = Snapshot.objects.filter(id__in=ids, dataset__authority=authority).select_related("dataset")
    return {
        snapshot.id: SubjectName(
            str(_("figures of %(period)s") % {"period": snapshot.period}),
            reverse("evidence:snapshot", args=[authority.slug, snapshot.dataset.slug, snapshot.year]),
        )
        for snapshot in snapshots
    }


MODULE = Module(
    purpose=_("Accountability: who uploaded and approved which figures"),
    permissions=(SEE_UNPROTECTED, IMPORT_EVIDENCE),
    actions=(
        # The digest of a file of unprotected figures, which 0.1.0 stored, would confirm a guess at a figure.
        RecordedAction(
            "evidence.import_workforce",
            _("Uploaded figures"),
            not_shown=frozenset({"sha256"}),
            details={"snapshots": _("Figures")},
        ),
        RecordedAction("evidence.describe", _("Described a data set")),
        RecordedAction(
            "evidence.looked", _("Viewed unprotected figures"), details={"looked_at": _("Figures and times")}
        ),
    ),
    access_action="evidence.looked",
    subjects=(
        SubjectKind("dataset", _("data set"), _dataset_names),
        SubjectKind("snapshot", _("figures of a year"), _snapshot_names),
    ),
    sections=(
        StaffSection(
            _("Figures"),
            _("The figures we hold, the files they came from and who uploaded them."),
            "evidence:figures",
            SEE_DRAFTS,
        ),
    ),
    data_labels={"evidence.snapshot": _("Figures uploaded")},
    urls=(("work/", "evenhand.evidence.urls"),),
)

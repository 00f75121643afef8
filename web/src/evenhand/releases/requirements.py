"""The requirements that a publication must meet before it can be approved or published."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from evenhand.evidence.models import Dataset
from evenhand.gates import UnmetRequirement
from evenhand.releases.audits import digest
from evenhand.releases.certificates import Certificate, content_digest
from evenhand.releases.enums import ReleaseState
from evenhand.releases.models import Release, ReleaseTable
from evenhand.releases.queries import prior_releases, tables_by_snapshot

APPROVE = "releases.approve"
PUBLISH = "releases.publish"
PROTECTION = "releases.protection"
DISCLOSURE_CHECK = "releases.disclosure_check"
CERTIFICATE = "releases.certificate"
NOTHING_ELSE_OUT = "releases.nothing_else_out"
SOURCE = "releases.source"


def stated_source(release: Release) -> UnmetRequirement | None:
    """The publisher and the licence of every data set, which the public pages of a publication give."""
    datasets = Dataset.objects.filter(snapshots__in=release.tables.values("snapshot")).distinct().order_by("slug")
    for dataset in datasets:
        if missing := dataset.facts_not_stated:
            return UnmetRequirement(
                SOURCE,
                _not_stated(dataset, missing),
                "Import the figures again, with --source and a file that describes the source.",
                reverse("evidence:source", args=[release.authority.slug, dataset.slug]),
            )
    return None


def _not_stated(dataset: Dataset, missing: tuple[str, ...]) -> str:
    figures = f"“{dataset.title}”" if dataset.title else "its figures"
    return f"The {' and the '.join(missing)} of {figures} {'is' if len(missing) == 1 else 'are'} not stated."


def protection(release: Release) -> UnmetRequirement | None:
    tables = list(release.tables.all())
    unprotected = [table for table in tables if not table.content or table.content["policy"] != release.policy]
    if tables and not unprotected:
        return None
    description = _table_words(unprotected, tables, "is protected", "is not protected", "are not protected")
    return UnmetRequirement(PROTECTION, description, f"Run: evenhand release protect {_address(release)}")


def _table_words(failing: list[ReleaseTable], tables: list[ReleaseTable], passes: str, fails: str, fail: str) -> str:
    if not tables:
        return "It has no tables."
    if len(tables) == 1:
        return f"Its table {fails}."
    if len(failing) == len(tables):
        return f"None of its {len(tables)} tables {passes}."
    return f"{len(failing)} of its {len(tables)} tables {fails if len(failing) == 1 else fail}."


def disclosure_check(release: Release) -> UnmetRequirement | None:
    tables = list(release.tables.all())
    unchecked = [table for table in tables if not _passed(table)]
    if tables and not unchecked:
        return None
    description = _table_words(
        unchecked,
        tables,
        "has passed the check in its current form",
        "has not passed the check in its current form",
        "have not passed the check in their current form",
    )
    return UnmetRequirement(DISCLOSURE_CHECK, description, f"Run: evenhand release check {_address(release)}")


def valid_certificate(release: Release) -> UnmetRequirement | None:
    """A certificate that passed, is for these tables, and covers all published figures about the same people."""
    tables = list(release.tables.all())
    if not tables or not all(_passed(table) for table in tables):
        return None  # the check issues the certificate, and has not been passed yet
    if (description := _certificate_problem(release, tables)) is None:
        return None
    return UnmetRequirement(
        CERTIFICATE, description, f"Run: evenhand release reopen {_address(release)}, then protect and check it."
    )


def _certificate_problem(release: Release, tables: list[ReleaseTable]) -> str | None:
    if release.certificate is None:
        return "It has no certificate, because an earlier version checked it."
    certificate = Certificate.from_json(release.certificate)
    if not certificate.passed or certificate.content_sha256 != content_digest(table.content for table in tables):
        return "Its certificate is not for its tables in their current form."
    prior = {
        prior_release
        for snapshot_tables in tables_by_snapshot(release)
        for prior_release in prior_releases(snapshot_tables)
    }
    if unchecked := sorted(prior_release.title for prior_release in prior - set(certificate.prior_releases)):
        return (
            f"Figures about the same people were published after it was checked, in “{unchecked[0]}”, "
            "so the check did not cover them."
        )
    return None


def no_other_publication(release: Release) -> UnmetRequirement | None:
    """Two protected versions of the same figures can be compared with each other to reveal hidden figures."""
    conflicting = (
        ReleaseTable.objects.filter(
            release__state=ReleaseState.PUBLISHED,
            snapshot__in=release.tables.values("snapshot"),
            characteristic__in=release.tables.values("characteristic"),
        )
        .exclude(release=release)
        .select_related("release")
        .first()
    )
    if conflicting is None:
        return None
    return UnmetRequirement(
        NOTHING_ELSE_OUT,
        f"Some of these figures are already published in “{conflicting.release.title}”, and comparing two publications "
        "of the same figures could reveal hidden ones.",
        "You cannot publish this draft. Create another without those years.",
    )


def with_other_publication(releases: QuerySet[Release]) -> QuerySet[Release]:
    """Each with `is_blocked`: whether `no_other_publication` stops it. For lists, without a query for each."""
    own = ReleaseTable.objects.filter(release=OuterRef(OuterRef("pk")))
    conflicting = (
        ReleaseTable.objects.filter(release__state=ReleaseState.PUBLISHED)
        .exclude(release=OuterRef("pk"))
        .filter(
            Exists(own.filter(snapshot=OuterRef("snapshot"))),
            Exists(own.filter(characteristic=OuterRef("characteristic"))),
        )
    )
    return releases.annotate(is_blocked=~Q(state=ReleaseState.PUBLISHED) & Exists(conflicting))


def _passed(table: ReleaseTable) -> bool:
    return bool(table.audit and table.audit["passed"] and table.audit["content_sha256"] == digest(table.content))


def _address(release: Release) -> str:
    return f"{release.authority.slug}/{release.slug}"

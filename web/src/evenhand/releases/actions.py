from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from evenhand import gates
from evenhand.authorities.actions import assign
from evenhand.authorities.models import Assignment, Authority, User
from evenhand.authorities.permissions import may
from evenhand.evidence.models import Snapshot
from evenhand.evidence.permissions import SEE_UNPROTECTED
from evenhand.evidence.queries import (
    UnprotectedTable,
    characteristics_of,
    declared_not_comparable,
)
from evenhand.ledger.actions import Subject, recording
from evenhand.records import slugs
from evenhand.records.files import Root, fingerprint, store
from evenhand.releases import alternatives
from evenhand.releases.audits import audit_of, digest
from evenhand.releases.certification import certify
from evenhand.releases.csv_file import csv_of
from evenhand.releases.engine import PriorTable, protect_year
from evenhand.releases.enums import TRANSITIONS, ReleaseState
from evenhand.releases.figures import publishable_table
from evenhand.releases.models import Release, ReleaseTable
from evenhand.releases.permissions import APPROVE_RELEASE, PREPARE_RELEASE, separate_approver
from evenhand.releases.queries import (
    SUBJECT_KIND,
    SnapshotTables,
    content_fingerprint,
    namespace,
    tables_by_snapshot,
    unprotected_tables,
)
from evenhand.releases.requirements import APPROVE, PUBLISH
from evenstat.disclosure import Policy, policy

# Fields that are empty in a new draft.
EMPTY_IN_DRAFT = ("protected_by", "approved_at", "approved_by", "published_at", "certificate", "comparison")


class InvalidTransition(Exception):
    """The step is not allowed in the current state of the publication."""

    def __init__(self, release: Release, now: ReleaseState, to: ReleaseState) -> None:
        self.to = to
        super().__init__(f"“{release.title}” can't be moved from “{now.label}” to “{to.label}”.")


class ReleaseChanged(Exception):
    """The publication has changed since the person viewed it."""


class CheckFailed(Exception):
    """A reader could work out a hidden count. The publication stays in its current state."""


class NothingToPublish(Exception):
    """The authority has no figures to publish."""


def draft(
    authority: Authority, *, by: User, slug: str, title: str, policy_id: str, snapshots: Iterable[Snapshot]
) -> Release:
    """Create a draft publication with every characteristic in the snapshots.

    Raises UnknownPolicy, SlugTaken, NothingToPublish.
    """
    may(by, PREPARE_RELEASE, authority).require()
    with recording("releases.draft", by=by) as change:
        release = Release(
            authority=authority,
            slug=slug,
            title=title,
            policy=policy(policy_id).id,
            drafted_at=timezone.now(),
            invented=authority.invented,
        )
        slugs.reserve(namespace(authority), slug, release.id)
        release.full_clean(exclude=EMPTY_IN_DRAFT)
        release.save()
        snapshots = list(snapshots)
        if foreign := [snapshot for snapshot in snapshots if snapshot.dataset.authority_id != authority.id]:
            raise NothingToPublish(f"The figures “{foreign[0]}” do not belong to {authority}. No draft was created.")
        tables = [
            (snapshot, characteristic) for snapshot in snapshots for characteristic in characteristics_of(snapshot)
        ]
        if not tables:
            raise NothingToPublish(
                f"We do not hold any figures for {authority}. Import some first: evenhand evidence import FILE"
            )
        ReleaseTable.objects.bulk_create(
            ReleaseTable(release=release, snapshot=snapshot, characteristic=characteristic, position=position)
            for position, (snapshot, characteristic) in enumerate(tables, start=1)
        )
        change.subject = _subject(release)
        change.after = {"state": release.state, "policy": release.policy, "tables": len(tables)}
        _assign_to_author(release, by)
    return release


def _assign_to_author(release: Release, by: User) -> None:
    """Assign the publication to the person who created it, unless a command on the server did."""
    if not by.is_operator:
        link = reverse("releases:publication", args=[release.authority.slug, release.slug])
        assign(release.authority, by=by, person=by, about=_subject(release), title=release.title, link=link)


def protect(release: Release, *, by: User) -> Release:
    """Apply the disclosure policy to every table. Raises CannotProtect, changing nothing, if no safe table is left."""
    may(by, SEE_UNPROTECTED, release.authority).require()
    with recording("releases.protect", on=_subject(release), by=by) as change:
        change.before = _move_to(release, ReleaseState.PROTECTED, protected_by=by)
        release_policy = policy(release.policy)
        snapshots = tables_by_snapshot(release)
        counts = [unprotected_tables(snapshot_tables, by=by) for snapshot_tables in snapshots]
        rows_hidden = sum(
            _protect_snapshot(snapshot_tables, release_policy, snapshot_counts)
            for snapshot_tables, snapshot_counts in zip(snapshots, counts, strict=True)
        )
        years = (
            [snapshot_counts[table.characteristic] for table in snapshot_tables.tables]
            for snapshot_tables, snapshot_counts in zip(snapshots, counts, strict=True)
        )
        comparison = alternatives.to_json(alternatives.compare_alternatives(years))
        Release.objects.filter(id=release.id).update(comparison=comparison)
        change.after = {"state": ReleaseState.PROTECTED, "rows_hidden": rows_hidden}
    release.refresh_from_db()
    return release


def _protect_snapshot(
    snapshot_tables: SnapshotTables, release_policy: Policy, counts: dict[str, UnprotectedTable]
) -> int:
    """Protect and store the tables of one snapshot. Returns the number of hidden rows."""
    snapshot = snapshot_tables.snapshot
    prior = [PriorTable(table.published, counts[table.characteristic].counts) for table in snapshot_tables.prior]
    tables = [counts[table.characteristic] for table in snapshot_tables.tables]
    protected = protect_year(tables, release_policy, prior=prior)
    rows_hidden = 0
    for table in snapshot_tables.tables:
        content = publishable_table(
            counts[table.characteristic],
            protected[table.characteristic].table,
            period=snapshot.period,
            year=snapshot.year,
            area_code=snapshot.dataset.authority.area_code,
            declared=declared_not_comparable(snapshot.dataset),
        )
        rows_hidden += len(content.suppressed_rows)
        table.content, table.audit = content.to_json(), None
        table.reasons = protected[table.characteristic].reasons
        table.save(update_fields=["content", "audit", "reasons"])
    return rows_hidden


def check(release: Release, *, by: User) -> Release:
    """Check whether hidden figures can be worked out from published figures. Issues the certificate.

    Raises CheckFailed if any hidden figure can be worked out.
    """
    may(by, PREPARE_RELEASE, release.authority).require()
    with recording("releases.check", on=_subject(release), by=by) as change:
        change.before = _move_to(release, ReleaseState.CHECKED)
        for table in release.tables.all():
            result = audit_of(table.published)
            if not result.passed:
                table_name = f"{table.published.period} {table.published.name.lower()}"
                raise CheckFailed(_failure_message(table_name, result.describe_failures()))
            table.audit = result.to_json()
            table.save(update_fields=["audit"])
        certificate = certify(release, at=timezone.now())
        if failed_period := next((year.period for year in certificate.years if not year.passed), None):
            raise CheckFailed(_failure_message(failed_period, "the tables together reveal a hidden figure"))
        content = certificate.to_json()
        Release.objects.filter(id=release.id).update(certificate=content)
        change.after = {"state": ReleaseState.CHECKED, "certificate": digest(content), "hidden": certificate.hidden}
    release.refresh_from_db()
    return release


def _failure_message(table: str, problem: str) -> str:
    return (
        f"{table}: {problem}. Return the publication to draft, then protect it again. Until then it can't be approved."
    )


def approve(release: Release, *, by: User, seen: str | None = None) -> Release:
    """Approve a publication that is protected and checked. The person who protected it may not approve it.

    `seen` is the `content_fingerprint` of the version that the person viewed. Raises GateClosed with the unmet
    requirements.
    """
    may(by, APPROVE_RELEASE, release.authority).require()
    with recording("releases.approve", on=_subject(release), by=by) as change:
        separate_approver(Release.objects.select_for_update().get(id=release.id), by=by).require()
        _require_unchanged(release, seen)
        gates.require(APPROVE, release)
        now = timezone.now()
        change.before = _move_to(release, ReleaseState.APPROVED, approved_at=now, approved_by=by)
        change.after = {"state": ReleaseState.APPROVED, "approved_at": now}
    release.refresh_from_db()
    return release


def publish(release: Release, *, by: User, seen: str | None = None) -> Release:
    """Publish permanently. Raises GateClosed with the unmet requirements."""
    may(by, APPROVE_RELEASE, release.authority).require()
    with recording("releases.publish", on=_subject(release), by=by) as change:
        # Publish one publication of an authority at a time, so that the gate check sees every other publication.
        Authority.objects.select_for_update().get(id=release.authority_id)
        _require_unchanged(release, seen)
        gates.require(PUBLISH, release)
        file = csv_of(release, (table.published for table in release.tables.all()))
        now = timezone.now()
        change.before = _move_to(release, ReleaseState.PUBLISHED, published_at=now, csv_sha256=fingerprint(file))
        change.after = {
            "state": ReleaseState.PUBLISHED,
            "published_at": now,
            "csv": fingerprint(file),
            "certificate": digest(release.certificate),
        }
        # End the assignment as part of this change, because the publisher may not be the person it is assigned to.
        Assignment.objects.filter(subject_kind=SUBJECT_KIND, subject_id=release.id, ended_at=None).update(ended_at=now)
        store(Root.PUBLIC, file)
    release.refresh_from_db()
    return release


def reopen(release: Release, *, by: User, reason: str) -> Release:
    """Return a publication to draft and remove its protection. A published one can't be returned."""
    may(by, PREPARE_RELEASE, release.authority).require()
    with recording("releases.reopen", on=_subject(release), by=by, reason=reason) as change:
        cleared = {
            "protected_by": None,
            "approved_at": None,
            "approved_by": None,
            "certificate": None,
            "comparison": None,
        }
        change.before = _move_to(release, ReleaseState.DRAFT, **cleared)
        release.tables.update(content=None, audit=None, reasons=None)
        change.after = {"state": ReleaseState.DRAFT}
    release.refresh_from_db()
    return release


def _require_unchanged(release: Release, seen: str | None) -> None:
    now = Release.objects.select_for_update().get(id=release.id)
    if seen is not None and seen != content_fingerprint(now):
        raise ReleaseChanged(f"“{release.title}” changed after you opened the page. Review it again before you decide.")


def _move_to(release: Release, to: ReleaseState, **values: object) -> dict[str, object]:
    """Move the stored release to another state if TRANSITIONS allows it. Returns the previous state.

    The `release` instance is not changed, so that it stays correct if a later part of the step fails.
    """
    # Read the state again under a lock, so that two people can't both take the step at the same time.
    now = ReleaseState(Release.objects.select_for_update().get(id=release.id).state)
    if (now, to) not in TRANSITIONS:
        raise InvalidTransition(release, now, to)
    Release.objects.filter(id=release.id).update(state=to, **values)
    return {"state": now}


def _subject(release: Release) -> Subject:
    return Subject(SUBJECT_KIND, release.id, release.authority_id)

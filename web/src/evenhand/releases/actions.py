from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from evenhand import gates
from evenhand.authorities.actions import assign
from evenhand.authorities.models import Assignment, Authority, User
from evenhand.authorities.permissions import Permission, may
from evenhand.evidence.models import Snapshot
from evenhand.evidence.queries import (
    UnprotectedTable,
    characteristics_of,
    declared_not_comparable,
)
from evenhand.ledger.actions import Subject, recording
from evenhand.records import slugs
from evenhand.records.files import Root, fingerprint, keep
from evenhand.releases import comparing
from evenhand.releases.audits import audit_of, digest
from evenhand.releases.csv_file import csv_of
from evenhand.releases.engine import Out, protect_year
from evenhand.releases.enums import TRANSITIONS, State
from evenhand.releases.figures import publishable
from evenhand.releases.models import Release, ReleaseTable
from evenhand.releases.permissions import another_than_who_protected
from evenhand.releases.queries import KIND, Together, as_it_stands, namespace, together, unprotected
from evenhand.releases.requirements import APPROVE, PUBLISH
from evenhand.releases.trying import tried
from evenstat.disclosure import Policy, policy

# Of a publication that is only begun.
NOT_YET = ("protected_by", "approved_at", "approved_by", "published_at", "certificate", "comparison")


class WrongState(Exception):
    """The publication is not where this step begins; the message says where it is."""

    def __init__(self, release: Release, now: State, to: State) -> None:
        self.to = to
        super().__init__(f"“{release.title}” is {now.label.lower()}, so it can't become {to.label.lower()}.")


class Changed(Exception):
    """The publication is not what the person looked at before deciding."""


class CheckFailed(Exception):
    """A reader could work a hidden count out. Nothing was passed on."""


class NothingToPublish(Exception):
    """The authority has no figures from which a publication could be made."""


def draft(
    authority: Authority, *, by: User, slug: str, title: str, policy_id: str, snapshots: Iterable[Snapshot]
) -> Release:
    """Begin a publication of every characteristic of the snapshots.

    Raises UnknownPolicy, SlugTaken, NothingToPublish.
    """
    may(by, Permission.PREPARE_RELEASE, authority).require()
    with recording("releases.draft", by=by) as change:
        release = Release(
            authority=authority,
            slug=slug,
            title=title,
            policy=policy(policy_id).id,
            drafted_at=timezone.now(),
        )
        slugs.take(namespace(authority), slug, release.id)
        release.full_clean(exclude=NOT_YET)
        release.save()
        held = list(snapshots)
        if foreign := [each for each in held if each.dataset.authority_id != authority.id]:
            raise NothingToPublish(f"The figures “{foreign[0]}” are not those of {authority}. Nothing was begun.")
        tables = [(snapshot, each) for snapshot in held for each in characteristics_of(snapshot)]
        if not tables:
            raise NothingToPublish(f"No figures of {authority} are held yet. Begin with: evenhand evidence import FILE")
        ReleaseTable.objects.bulk_create(
            ReleaseTable(release=release, snapshot=snapshot, characteristic=each, position=position)
            for position, (snapshot, each) in enumerate(tables, start=1)
        )
        change.subject = _subject(release)
        change.after = {"state": release.state, "policy": release.policy, "tables": len(tables)}
        _take_in_hand(release, by)
    return release


def _take_in_hand(release: Release, by: User) -> None:
    """Whoever begins it has it in hand. A command on the server is nobody in particular."""
    if not by.is_operator:
        link = reverse("releases:publication", args=[release.authority.slug, release.slug])
        assign(release.authority, by=by, person=by, about=_subject(release), title=release.title, link=link)


def protect(release: Release, *, by: User) -> Release:
    """Hide what the policy hides, in every table. Raises CannotProtect, and then nothing is changed."""
    may(by, Permission.SEE_UNPROTECTED, release.authority).require()
    with recording("releases.protect", on=_subject(release), by=by) as change:
        change.before = _step(release, State.PROTECTED, protected_by=by)
        rules = policy(release.policy)
        held = together(release)
        counts = [unprotected(each, by=by) for each in held]
        hidden = sum(_protect_together(each, rules, known) for each, known in zip(held, counts, strict=True))
        years = (
            [known[table.characteristic] for table in each.tables] for each, known in zip(held, counts, strict=True)
        )
        Release.objects.filter(id=release.id).update(comparison=comparing.to_json(comparing.compared(years)))
        change.after = {"state": State.PROTECTED, "rows_hidden": hidden}
    release.refresh_from_db()
    return release


def _protect_together(held: Together, rules: Policy, counts: dict[str, UnprotectedTable]) -> int:
    """Protect and store the tables of one snapshot. Returns how many rows of them are hidden."""
    snapshot = held.snapshot
    out = [Out(each.published, counts[each.characteristic].counts) for each in held.out]
    protected = protect_year([counts[each.characteristic] for each in held.tables], rules, out=out)
    hidden = 0
    for table in held.tables:
        content = publishable(
            counts[table.characteristic],
            protected[table.characteristic].table,
            period=snapshot.period,
            year=snapshot.year,
            area_code=snapshot.dataset.authority.area_code,
            declared=declared_not_comparable(snapshot.dataset),
        )
        hidden += len(content.hidden_rows)
        table.content, table.audit = content.to_json(), None
        table.reasons = protected[table.characteristic].reasons
        table.save(update_fields=["content", "audit", "reasons"])
    return hidden


def check(release: Release, *, by: User) -> Release:
    """Try to work out what is hidden, from what would be published and what is. Raises CheckFailed where it can be.

    What passes gets its certificate.
    """
    may(by, Permission.PREPARE_RELEASE, release.authority).require()
    with recording("releases.check", on=_subject(release), by=by) as change:
        change.before = _step(release, State.CHECKED)
        for table in release.tables.all():
            result = audit_of(table.published)
            if not result.passed:
                raise CheckFailed(_failed(f"{table.published.period} {table.published.name.lower()}", result.faults()))
            table.audit = result.to_json()
            table.save(update_fields=["audit"])
        given = tried(release, at=timezone.now())
        if leaky := next((each.period for each in given.years if not each.passed), None):
            raise CheckFailed(_failed(leaky, "held together, its tables give a hidden figure away"))
        Release.objects.filter(id=release.id).update(certificate=given.to_json())
        change.after = {"state": State.CHECKED, "certificate": digest(given.to_json()), "hidden": given.hidden}
    release.refresh_from_db()
    return release


def _failed(where: str, fault: str) -> str:
    return f"{where}: {fault}. Reopen the publication and protect it again; nothing unsafe can be approved meanwhile."


def approve(release: Release, *, by: User, seen: str | None = None) -> Release:
    """Approve what is protected and checked, by another person than who protected it.

    `seen` is what `as_it_stands` said when the person looked at it. Raises GateClosed with what must be done first.
    """
    may(by, Permission.APPROVE_RELEASE, release.authority).require()
    with recording("releases.approve", on=_subject(release), by=by) as change:
        another_than_who_protected(Release.objects.select_for_update().get(id=release.id), by=by).require()
        _still(release, seen)
        gates.require(APPROVE, release)
        now = timezone.now()
        change.before = _step(release, State.APPROVED, approved_at=now, approved_by=by)
        change.after = {"state": State.APPROVED, "approved_at": now}
    release.refresh_from_db()
    return release


def publish(release: Release, *, by: User, seen: str | None = None) -> Release:
    """Put it out, for good. Raises GateClosed with what must be done first."""
    may(by, Permission.APPROVE_RELEASE, release.authority).require()
    with recording("releases.publish", on=_subject(release), by=by) as change:
        # One publication of an authority at a time: two at once would not see each other at the gate.
        Authority.objects.select_for_update().get(id=release.authority_id)
        _still(release, seen)
        gates.require(PUBLISH, release)
        file = csv_of(release, (table.published for table in release.tables.all()))
        now = timezone.now()
        change.before = _step(release, State.PUBLISHED, published_at=now, csv_sha256=fingerprint(file))
        change.after = {
            "state": State.PUBLISHED,
            "published_at": now,
            "csv": fingerprint(file),
            "certificate": digest(release.certificate),
        }
        # Done, so in nobody's hands: part of this change, because whoever publishes need not have it in hand.
        Assignment.objects.filter(subject_kind=KIND, subject_id=release.id, ended_at=None).update(ended_at=now)
        keep(Root.PUBLIC, file)
    release.refresh_from_db()
    return release


def reopen(release: Release, *, by: User, reason: str) -> Release:
    """Back to a draft, with nothing protected any more. A published one stays as it is."""
    may(by, Permission.PREPARE_RELEASE, release.authority).require()
    with recording("releases.reopen", on=_subject(release), by=by, reason=reason) as change:
        nothing = {
            "protected_by": None,
            "approved_at": None,
            "approved_by": None,
            "certificate": None,
            "comparison": None,
        }
        change.before = _step(release, State.DRAFT, **nothing)
        release.tables.update(content=None, audit=None, reasons=None)
        change.after = {"state": State.DRAFT}
    release.refresh_from_db()
    return release


def _still(release: Release, seen: str | None) -> None:
    now = Release.objects.select_for_update().get(id=release.id)
    if seen is not None and seen != as_it_stands(now):
        raise Changed(f"“{release.title}” was changed after you opened the page. Look at it again, then decide.")


def _step(release: Release, to: State, **values: object) -> dict[str, object]:
    """Move the stored release to another state, if the map of states has that way. Returns what stood before.

    The release in hand is left as it was, so that a step that fails later leaves nothing untrue behind.
    """
    # Read again under a lock, so that two people who press at once do not both take the step.
    now = State(Release.objects.select_for_update().get(id=release.id).state)
    if (now, to) not in TRANSITIONS:
        raise WrongState(release, now, to)
    Release.objects.filter(id=release.id).update(state=to, **values)
    return {"state": now}


def _subject(release: Release) -> Subject:
    return Subject(KIND, release.id, release.authority_id)

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Permission, may
from evenhand.evidence.enums import Origin
from evenhand.evidence.models import Count, Dataset, Snapshot
from evenhand.ledger.looks import note_look
from evenhand.ledger.subjects import Subject
from evenstat.disclosure.one_way import Cell, CountTable
from evenstat.standards import STANDARDS, standard


@dataclass(frozen=True)
class UnprotectedTable:
    """One characteristic of one snapshot as it is. `not_given` names the categories without a figure."""

    characteristic: str
    counts: CountTable
    not_given: tuple[str, ...]


class NoFigures(LookupError):
    """A year was asked for of which no figures are held."""


def snapshots(authority: Authority, *, years: Sequence[int] | None = None) -> QuerySet[Snapshot]:
    """The snapshots of an authority, oldest first: all that are held, or those of the years asked for."""
    held = Snapshot.objects.filter(dataset__authority=authority).select_related("dataset").order_by("year")
    if years is None:
        return held
    found = held.filter(year__in=years)
    if lacking := sorted(set(years) - set(found.values_list("year", flat=True))):
        known = ", ".join(str(year) for year in held.values_list("year", flat=True)) or "none yet"
        asked = ", ".join(str(year) for year in lacking)
        raise NoFigures(f"No figures of {authority} are held for {asked} (held: {known}).")
    return found


def datasets(authority: Authority) -> QuerySet[Dataset]:
    """What is held of an authority, each with its snapshots."""
    newest_first = Snapshot.objects.select_related("imported_by").order_by("-year")
    held = Dataset.objects.filter(authority=authority).select_related("authority")
    return held.prefetch_related(Prefetch("snapshots", newest_first)).order_by("slug")


def snapshot_of(authority: Authority, dataset: str, year: int) -> Snapshot | None:
    held = Snapshot.objects.filter(dataset__authority=authority, dataset__slug=dataset, year=year)
    return held.select_related("dataset__authority").first()


def characteristics_of(snapshot: Snapshot) -> tuple[str, ...]:
    """The characteristics of which it has counts, in the order of the standards."""
    held = set(Count.objects.filter(snapshot=snapshot).values_list("characteristic", flat=True))
    return tuple(each.id for each in STANDARDS if each.id in held)


def unprotected_table(snapshot: Snapshot, characteristic: str, *, by: User) -> UnprotectedTable:
    """The counts as they are, for someone who may see them."""
    may(by, Permission.SEE_UNPROTECTED, snapshot.dataset.authority).require()
    return table_for_check(snapshot, characteristic)


def table_for_check(snapshot: Snapshot, characteristic: str) -> UnprotectedTable:
    """The counts as they are, for the check of a publication, which passes none of them on to whoever runs it."""
    counts = {count.category: count for count in snapshot.counts.filter(characteristic=characteristic)}
    known = standard(characteristic)
    answered, not_known = (
        tuple(
            Cell(category.code, counts[category.code].count or 0)
            for category in group
            if category.code in counts and counts[category.code].origin != Origin.NOT_GIVEN
        )
        for group in (known.categories, known.not_known)
    )
    return UnprotectedTable(
        characteristic=characteristic,
        counts=CountTable(f"{snapshot.period} {characteristic}", answered, not_known),
        not_given=tuple(code for code, count in counts.items() if count.origin == Origin.NOT_GIVEN),
    )


def look_at(snapshot: Snapshot, characteristic: str, *, by: User) -> UnprotectedTable:
    """The counts as they are, for someone who reads them on a page: the record learns who looked at what."""
    table = unprotected_table(snapshot, characteristic, by=by)
    note_look(by, Subject("snapshot", snapshot.id, snapshot.dataset.authority_id), characteristic)
    return table


def declared_not_comparable(dataset: Dataset) -> dict[tuple[str, str], str]:
    """(characteristic, category) -> why it can't be held against a benchmark."""
    return {(note.characteristic, note.category): note.reason for note in dataset.comparability_notes.all()}

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import may
from evenhand.evidence.enums import Origin
from evenhand.evidence.models import REQUIRED_FACTS, WORKFORCE, Count, Dataset, Snapshot
from evenhand.evidence.permissions import SEE_UNPROTECTED
from evenhand.ledger.access_log import log_access
from evenhand.ledger.subjects import Subject
from evenstat.disclosure.single_tables import Cell, CountTable
from evenstat.standards import STANDARDS, standard


@dataclass(frozen=True)
class UnprotectedTable:
    """The true counts of one characteristic in one snapshot. `not_given` lists the categories without a figure."""

    characteristic: str
    counts: CountTable
    not_given: tuple[str, ...]


class NoFigures(LookupError):
    """There are no figures for a requested year."""


def snapshots(authority: Authority, *, years: Sequence[int] | None = None) -> QuerySet[Snapshot]:
    """The snapshots of an authority, oldest first: all of them, or those of the given years."""
    all_years = Snapshot.objects.filter(dataset__authority=authority).select_related("dataset").order_by("year")
    if years is None:
        return all_years
    selected = all_years.filter(year__in=years)
    if missing := sorted(set(years) - set(selected.values_list("year", flat=True))):
        available = ", ".join(str(year) for year in all_years.values_list("year", flat=True)) or "none yet"
        requested = ", ".join(str(year) for year in missing)
        raise NoFigures(f"We do not hold any figures for {authority} in {requested} (years held: {available}).")
    return selected


def datasets(authority: Authority) -> QuerySet[Dataset]:
    """An authority's data sets with their snapshots, newest first."""
    newest_first = Snapshot.objects.select_related("imported_by").order_by("-year")
    queryset = Dataset.objects.filter(authority=authority).select_related("authority")
    return queryset.prefetch_related(Prefetch("snapshots", newest_first)).order_by("slug")


def facts_not_stated(authority: Authority) -> tuple[str, ...]:
    """The required facts about its workforce counts that are not stated yet: all of them, if there are no counts."""
    dataset = dataset_of(authority, WORKFORCE)
    return REQUIRED_FACTS if dataset is None else dataset.facts_not_stated


def dataset_of(authority: Authority, slug: str) -> Dataset | None:
    return Dataset.objects.filter(authority=authority, slug=slug).select_related("authority").first()


def snapshot_of(authority: Authority, dataset: str, year: int) -> Snapshot | None:
    queryset = Snapshot.objects.filter(dataset__authority=authority, dataset__slug=dataset, year=year)
    return queryset.select_related("dataset__authority").first()


def characteristics_of(snapshot: Snapshot) -> tuple[str, ...]:
    """The characteristics that the snapshot has counts for, in the order of the standards."""
    counted = set(Count.objects.filter(snapshot=snapshot).values_list("characteristic", flat=True))
    return tuple(entry.id for entry in STANDARDS if entry.id in counted)


def unprotected_table(snapshot: Snapshot, characteristic: str, *, by: User) -> UnprotectedTable:
    """The true counts, for a person with permission to see them."""
    may(by, SEE_UNPROTECTED, snapshot.dataset.authority).require()
    return table_for_check(snapshot, characteristic)


def table_for_check(snapshot: Snapshot, characteristic: str) -> UnprotectedTable:
    """The true counts, for the check of a publication. The check does not show any of them to the person running it."""
    counts = {count.category: count for count in snapshot.counts.filter(characteristic=characteristic)}
    characteristic_standard = standard(characteristic)
    answered, not_known = (
        tuple(
            Cell(category.code, counts[category.code].count or 0)
            for category in group
            if category.code in counts and counts[category.code].origin != Origin.NOT_GIVEN
        )
        for group in (characteristic_standard.categories, characteristic_standard.not_known)
    )
    return UnprotectedTable(
        characteristic=characteristic,
        counts=CountTable(f"{snapshot.period} {characteristic}", answered, not_known),
        not_given=tuple(code for code, count in counts.items() if count.origin == Origin.NOT_GIVEN),
    )


def view_unprotected_table(snapshot: Snapshot, characteristic: str, *, by: User) -> UnprotectedTable:
    """The true counts, for a person reading them on a page. The access is logged."""
    table = unprotected_table(snapshot, characteristic, by=by)
    log_access(by, Subject("snapshot", snapshot.id, snapshot.dataset.authority_id), characteristic)
    return table


def declared_not_comparable(dataset: Dataset) -> dict[tuple[str, str], str]:
    """(characteristic, category) -> why it can't be compared with a benchmark."""
    return {(note.characteristic, note.category): note.reason for note in dataset.comparability_notes.all()}

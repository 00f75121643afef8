"""What the public pages are made of: published plans with their check, and released tables."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from evenhand.authorities.models import Authority
from evenhand.authorities.queries import authorities
from evenhand.evidence.enums import NOT_SHOWN_AT_SOURCE
from evenhand.evidence.measures import Measure, measure_of
from evenhand.evidence.models import Dataset
from evenhand.plans import queries as plans
from evenhand.plans.check import PlanCheck, check_plan
from evenhand.plans.document import PlanDocument
from evenhand.plans.models import Plan
from evenhand.releases.enums import State
from evenhand.releases.models import Release, ReleaseTable
from evenhand.releases.queries import latest_published_tables, published_tables
from evenhand.releases.tables import PublishedTable, Row
from evenstat.estimates import Direction, Finding
from evenstat.standards import STANDARDS


@dataclass(frozen=True)
class PlanSummary:
    """A published plan, its words and what the check says of it."""

    plan: Plan
    document: PlanDocument
    check: PlanCheck


@dataclass(frozen=True)
class Shortfall:
    """A group with fewer staff than its share of residents, beyond chance."""

    authority: Authority
    measure: Measure
    table: PublishedTable
    row: Row


@dataclass(frozen=True)
class MeasureSummary:
    """A measure of an authority at its latest period."""

    measure: Measure
    table: PublishedTable


def plan_summary(plan: Plan) -> PlanSummary:
    document = plans.document(plan)
    return PlanSummary(plan, document, check_plan(document))


def plan_summaries() -> tuple[PlanSummary, ...]:
    return tuple(plan_summary(plan) for plan in plans.published_everywhere())


def shortfalls() -> tuple[Shortfall, ...]:
    """Over every authority's latest figures, the furthest from what would be expected first."""
    found = [
        Shortfall(stored.release.authority, measure_of(table.characteristic), table, row)
        for stored in latest_published_tables()
        for table in (stored.published,)
        for row in table.answered_rows
        if _falls_short(row)
    ]
    return tuple(sorted(found, key=_index))


def counted() -> list[str]:
    """The names of the authorities of which any figures are out."""
    out = Release.objects.filter(state=State.PUBLISHED).order_by("authority__name")
    return list(out.values_list("authority__name", flat=True).distinct())


def _falls_short(row: Row) -> bool:
    comparison = row.shown.comparison if row.shown else None
    return bool(comparison and comparison.finding == Finding.DISPARITY and comparison.direction == Direction.BELOW)


def _index(found: Shortfall) -> float:
    comparison = found.row.shown.comparison if found.row.shown else None
    return comparison.index.value if comparison and comparison.index else 0.0


def directory(search: str = "") -> list[Authority]:
    """Authorities by name, each with how much it has published; of all, or of those that match the words."""
    found = authorities().annotate(
        plans_out=Count("plans", filter=Q(plans__published_at__isnull=False), distinct=True),
        releases_out=Count("releases", filter=Q(releases__state=State.PUBLISHED), distinct=True),
    )
    for word in search.split():
        found = found.filter(Q(name__icontains=word) | Q(area_name__icontains=word))
    return list(found)


def measures_of(authority: Authority) -> tuple[MeasureSummary, ...]:
    """Every measure that the authority has released, at its latest period, in the order of the standards."""
    newest: dict[str, UUID] = {}
    for characteristic, table_id in published_tables(authority).values_list("characteristic", "id"):
        newest.setdefault(characteristic, table_id)
    stored = ReleaseTable.objects.in_bulk(newest.values())
    return tuple(
        MeasureSummary(measure_of(each.id), stored[newest[each.id]].published)
        for each in STANDARDS
        if each.id in newest
    )


def periods(authority: Authority, measure: Measure) -> list[ReleaseTable]:
    """Every released period of a measure, newest first. Its figures are fetched when they are asked for."""
    return list(published_tables(authority, measure.characteristic).defer("content"))


@dataclass(frozen=True)
class PublicationSummary:
    """A publication as its page shows it: every period by name, and the tables of one."""

    periods: tuple[str, ...]
    period: str
    tables: tuple[PublishedTable, ...]
    dataset: Dataset
    hidden: int
    method: str
    version: str

    @property
    def is_compared(self) -> bool:
        return any(table.benchmark_area for table in self.tables)


def publication_summary(release: Release, period: str = "") -> PublicationSummary | None:
    """At its latest period, or at the one asked for; None where it has no such period."""
    stored = list(release.tables.select_related("snapshot__dataset").defer("content").order_by("-snapshot__year"))
    periods = tuple(dict.fromkeys(each.snapshot.period for each in stored))
    shown = period or periods[0]
    if shown not in periods:
        return None
    audits = [each.audit for each in stored if each.audit]
    return PublicationSummary(
        periods=periods,
        period=shown,
        tables=tuple(each.published for each in release.tables.filter(snapshot__period=shown)),
        dataset=stored[0].snapshot.dataset,
        hidden=sum(audit["hidden"] for audit in audits),
        method=audits[0]["method"],
        version=audits[0]["version"],
    )


def cautions(table: PublishedTable) -> tuple[str, ...]:
    """Why the comparison of a table, or of some of its rows, needs care or can't be made: each reason once."""
    reasons = (
        reason
        for row in table.answered_rows
        if row.shown and row.shown.comparison
        for reason in row.shown.comparison.reasons
    )
    return tuple(dict.fromkeys(reasons))


def shared_reasons(table: PublishedTable) -> tuple[str, ...]:
    """The reasons against comparing, where they are the same for every row: said once, and not seven times."""
    reasons = {row.shown.comparison.reasons for row in table.answered_rows if row.shown and row.shown.comparison}
    return reasons.pop() if len(reasons) == 1 and not table.is_compared else ()


def not_given(table: PublishedTable) -> tuple[str, ...]:
    """The groups for which the source gives no figure."""
    return tuple(row.label for row in table.rows if row.is_not_given)


def adds_up(table: PublishedTable) -> bool:
    """Whether the source's groups make up its total, with nobody left over."""
    return all(row.code != NOT_SHOWN_AT_SOURCE for row in table.rows)


def released_datasets() -> list[Dataset]:
    """The data sets that any published figure comes from."""
    out = ReleaseTable.objects.filter(release__state=State.PUBLISHED).values("snapshot__dataset")
    return list(Dataset.objects.filter(id__in=out).select_related("authority").order_by("authority__name"))

"""The data shown on the public pages: published plans with their check results, and published tables."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from evenhand.authorities.models import Authority
from evenhand.authorities.queries import authorities, invented_authorities
from evenhand.evidence.enums import NOT_SHOWN_AT_SOURCE
from evenhand.evidence.majority_groups import MajorityGroup, majority_group
from evenhand.evidence.measures import MeasureDefinition, measure_of
from evenhand.evidence.models import Dataset
from evenhand.plans import queries as plans
from evenhand.plans.check import PlanCheck, check_plan
from evenhand.plans.document import PlanDocument
from evenhand.plans.models import Plan
from evenhand.releases.audits import describe_method
from evenhand.releases.enums import ReleaseState
from evenhand.releases.models import Release, ReleaseTable
from evenhand.releases.queries import latest_published_tables, published_tables
from evenhand.releases.tables import PublishedRow, PublishedTable
from evenstat.estimates import Direction, Finding
from evenstat.standards import STANDARDS


@dataclass(frozen=True)
class PlanSummary:
    """A published plan, its document and its check result."""

    plan: Plan
    document: PlanDocument
    check: PlanCheck


@dataclass(frozen=True)
class Shortfall:
    """A group with fewer staff than its share of residents, by more than chance alone would explain.

    `majority` is the entry of the group in the table of majority groups, if it has one.
    """

    authority: Authority
    measure: MeasureDefinition
    table: PublishedTable
    row: PublishedRow
    majority: MajorityGroup | None


@dataclass(frozen=True)
class MeasureSummary:
    """A measure of an authority, with the table of its latest period."""

    measure: MeasureDefinition
    table: PublishedTable

    @property
    def shared_reasons(self) -> tuple[str, ...]:
        """The reasons why none of its rows is compared, if they are the same for every row."""
        return shared_reasons(self.table)


def plan_summary(plan: Plan) -> PlanSummary:
    document = plans.document(plan)
    return PlanSummary(plan, document, check_plan(document))


def plan_summaries() -> tuple[PlanSummary, ...]:
    return tuple(plan_summary(plan) for plan in plans.published_everywhere())


def shortfalls() -> tuple[Shortfall, ...]:
    """Return every shortfall in the latest figures of all real authorities, largest first, also of majority groups."""
    unsorted = [
        Shortfall(
            stored.release.authority,
            measure_of(table.characteristic),
            table,
            row,
            majority_group(table.characteristic, row.code),
        )
        for stored in latest_published_tables()
        for table in (stored.published,)
        for row in table.answered_rows
        if _is_shortfall(row)
    ]
    return tuple(sorted(unsorted, key=_index_value))


def names_of_authorities_with_figures() -> list[str]:
    releases = Release.objects.filter(state=ReleaseState.PUBLISHED, invented=False).order_by("authority__name")
    return list(releases.values_list("authority__name", flat=True).distinct())


def _is_shortfall(row: PublishedRow) -> bool:
    comparison = row.shown.comparison if row.shown else None
    return bool(comparison and comparison.finding == Finding.DISPARITY and comparison.direction == Direction.BELOW)


def _index_value(shortfall: Shortfall) -> float:
    comparison = shortfall.row.shown.comparison if shortfall.row.shown else None
    return comparison.index.value if comparison and comparison.index else 0.0


def directory(search: str = "") -> list[Authority]:
    """Return real authorities by name with their numbers of plans and releases, filtered by the search words."""
    queryset = _with_counts(authorities())
    for word in search.split():
        queryset = queryset.filter(Q(name__icontains=word) | Q(area_name__icontains=word))
    return list(queryset)


def worked_example() -> list[Authority]:
    """Return the invented authorities with their numbers of plans and releases."""
    return list(_with_counts(invented_authorities()))


def _with_counts(queryset: QuerySet[Authority]) -> QuerySet[Authority]:
    return queryset.annotate(
        plan_count=Count("plans", filter=Q(plans__published_at__isnull=False), distinct=True),
        release_count=Count("releases", filter=Q(releases__state=ReleaseState.PUBLISHED), distinct=True),
    )


def measures_of(authority: Authority) -> tuple[MeasureSummary, ...]:
    """Return every published measure of the authority at its latest period, in the order of the standards."""
    newest: dict[str, UUID] = {}
    for characteristic, table_id in published_tables(authority).values_list("characteristic", "id"):
        newest.setdefault(characteristic, table_id)
    stored = ReleaseTable.objects.in_bulk(newest.values())
    return tuple(
        MeasureSummary(measure_of(standard.id), stored[newest[standard.id]].published)
        for standard in STANDARDS
        if standard.id in newest
    )


def periods(authority: Authority, measure: MeasureDefinition) -> list[ReleaseTable]:
    """Return the table of every published period of a measure, newest first, with the figures deferred."""
    return list(published_tables(authority, measure.characteristic).defer("content"))


@dataclass(frozen=True)
class PublicationSummary:
    """A publication: the names of all its periods, and the tables of one of them."""

    periods: tuple[str, ...]
    period: str
    tables: tuple[PublishedTable, ...]
    dataset: Dataset
    hidden_count: int
    method: str
    version: str

    @property
    def is_compared(self) -> bool:
        return any(table.benchmark_area for table in self.tables)


def publication_summary(release: Release, period: str = "") -> PublicationSummary | None:
    """Summarise the release at the given period, by default the latest. Return None if it has no such period."""
    stored = list(release.tables.select_related("snapshot__dataset").defer("content").order_by("-snapshot__year"))
    periods = tuple(dict.fromkeys(table.snapshot.period for table in stored))
    period = period or periods[0]
    if period not in periods:
        return None
    audits = [table.audit for table in stored if table.audit]
    return PublicationSummary(
        periods=periods,
        period=period,
        tables=tuple(table.published for table in release.tables.filter(snapshot__period=period)),
        dataset=stored[0].snapshot.dataset,
        hidden_count=sum(audit["hidden"] for audit in audits),
        method=describe_method(audits[0]["method"]),
        version=audits[0]["version"],
    )


def cautions(table: PublishedTable) -> tuple[str, ...]:
    """Return the distinct reasons why rows of a table cannot be compared, or only with caution."""
    reasons = (
        str(reason)
        for row in table.answered_rows
        if row.shown and row.shown.comparison
        for reason in row.shown.comparison.reasons
    )
    return tuple(dict.fromkeys(reasons))


def shared_reasons(table: PublishedTable) -> tuple[str, ...]:
    """Return the reasons against comparing if they are the same for every row, so that the page gives them once."""
    reasons = {row.shown.comparison.reasons for row in table.answered_rows if row.shown and row.shown.comparison}
    return tuple(str(reason) for reason in reasons.pop()) if len(reasons) == 1 and not table.is_compared else ()


def groups_without_figures(table: PublishedTable) -> tuple[str, ...]:
    """Return the labels of the groups for which the source gives no figure."""
    return tuple(row.label for row in table.rows if row.is_not_given)


def groups_add_up(table: PublishedTable) -> bool:
    """Return whether the groups of the source add up to its total."""
    return all(row.code != NOT_SHOWN_AT_SOURCE for row in table.rows)


def released_datasets() -> list[Dataset]:
    """Return the data sets of real authorities that are used in published releases."""
    tables = ReleaseTable.objects.filter(release__state=ReleaseState.PUBLISHED, release__invented=False)
    dataset_ids = tables.values("snapshot__dataset")
    return list(Dataset.objects.filter(id__in=dataset_ids).select_related("authority").order_by("authority__name"))

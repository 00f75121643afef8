"""Builds a published table from a protected one.

Shares, indexes, gaps and ranges are calculated from the published counts and the benchmark only, so they can't reveal a
suppressed count.
"""

from evenhand.evidence.benchmarks import Benchmark, NoBenchmark, benchmark
from evenhand.evidence.queries import UnprotectedTable
from evenhand.releases.comparisons import ComparisonReason, ComparisonSide, OwnReasonCode, Population
from evenhand.releases.enums import AnswerGroup
from evenhand.releases.tables import (
    PublishedRow,
    PublishedTable,
    ResidentsComparison,
    ShownFigures,
    ValueRange,
    WithheldFigures,
)
from evenstat.disclosure.single_tables import ProtectedCell, ProtectedTable
from evenstat.estimates import Estimate, Finding, Shorthand, Suppressed
from evenstat.intervals import wilson
from evenstat.measures import (
    ComparabilityAnswer,
    ComparisonBasis,
    NonResponse,
    ReasonCode,
    comparability,
    representation,
)
from evenstat.standards import Standard, standard

NO_RESIDENTS = ComparisonReason(OwnReasonCode.NO_RESIDENTS)
NO_CENSUS = ComparisonReason(OwnReasonCode.NO_CENSUS)
INCOMPLETE = ComparisonReason(OwnReasonCode.INCOMPLETE)


def publishable_table(
    table: UnprotectedTable,
    protected: ProtectedTable,
    *,
    period: str,
    year: int,
    area_code: str,
    declared: dict[tuple[str, str], str],
) -> PublishedTable:
    """The table to publish, with the figures calculated from its published counts."""
    characteristic = standard(table.characteristic)
    base = None if isinstance(protected.answered_total, Suppressed) else protected.answered_total
    benchmark_comparison = _BenchmarkComparison(
        characteristic, _benchmark(area_code, characteristic), year, declared, table.not_given
    )
    answered = [
        _row(characteristic, AnswerGroup.ANSWERED, cell, _figures(cell, base, benchmark_comparison))
        for cell in protected.answered
    ]
    not_known = [_row(characteristic, AnswerGroup.NOT_KNOWN, cell, _count_only(cell)) for cell in protected.not_known]
    return PublishedTable(
        characteristic=characteristic.id,
        name=characteristic.name,
        period=period,
        policy=protected.policy_id,
        total=protected.total,
        answered=base,
        not_known=None if isinstance(protected.not_known_total, Suppressed) else protected.not_known_total,
        sides=benchmark_comparison.sides(),
        benchmark_area=benchmark_comparison.benchmark.area_name if benchmark_comparison.benchmark else "",
        rows=_sort_rows(characteristic, [*answered, *not_known, *_not_given(characteristic, table.not_given)]),
    )


class _BenchmarkComparison:
    """Compares the rows of one table with the residents of its area."""

    def __init__(
        self,
        characteristic: Standard,
        residents: Benchmark | None,
        year: int,
        declared: dict[tuple[str, str], str],
        not_given: tuple[str, ...],
    ) -> None:
        unanswered = {category.code for category in characteristic.not_known}
        compared = set(residents.counts) if residents else set()
        self.incomplete = bool((set(not_given) - unanswered) & compared)
        self.characteristic, self.benchmark, self.declared = characteristic, residents, declared
        self.workforce = ComparisonBasis(
            population="employees",
            age_from=None,
            age_to=None,
            year=year,
            non_response=NonResponse.LEFT_OUT,
            categories=characteristic.edition,
        )

    def sides(self) -> tuple[ComparisonSide, ...]:
        staff = _side(Population.STAFF, "", self.workforce, None)
        if self.benchmark is None:
            return (staff,)
        not_answered = self.benchmark.not_answered_share or None
        return staff, _side(Population.RESIDENTS, self.benchmark.area_name, self.benchmark.basis, not_answered)

    def compare(self, cell: ProtectedCell, count: int, base: int) -> ResidentsComparison:
        declared = self.declared.get((self.characteristic.id, cell.code), "")
        if self.benchmark is None:
            return _not_comparable(*([_declared(declared)] if declared else []), NO_CENSUS)
        verdict = comparability(self.characteristic, self.workforce, self.benchmark.basis, declared=declared)
        reasons = tuple(ComparisonReason.of(reason) for reason in verdict.reasons)
        if verdict.answer == ComparabilityAnswer.NOT_COMPARABLE:
            return _not_comparable(*reasons)
        share = self.benchmark.share(cell.code)
        if not share:
            return _not_comparable(NO_RESIDENTS)
        result = representation(count, base, share)
        return ResidentsComparison(
            answer=ComparabilityAnswer.WITH_CAUTION if self.incomplete else verdict.answer,
            reasons=(*reasons, *([INCOMPLETE] if self.incomplete else [])),
            finding=result.finding,
            direction=result.direction,
            benchmark_share=share,
            index=_range(result.index),
            gap_heads=result.gap_heads,
        )


def _side(
    population: Population, area: str, basis: ComparisonBasis, not_answered_share: float | None
) -> ComparisonSide:
    return ComparisonSide(
        population, area, basis.age_from, basis.age_to, basis.year, basis.non_response, not_answered_share
    )


def _benchmark(area_code: str, characteristic: Standard) -> Benchmark | None:
    try:
        return benchmark(area_code, characteristic.id)
    except NoBenchmark:
        return None


def _figures(
    cell: ProtectedCell, base: int | None, benchmark_comparison: _BenchmarkComparison
) -> ShownFigures | WithheldFigures:
    if isinstance(cell.count, Suppressed):
        return WithheldFigures(cell.count.reason)
    if not base:
        return ShownFigures(cell.count)
    return ShownFigures(
        cell.count, _range(wilson(cell.count, base)), benchmark_comparison.compare(cell, cell.count, base)
    )


def _count_only(cell: ProtectedCell) -> ShownFigures | WithheldFigures:
    return WithheldFigures(cell.count.reason) if isinstance(cell.count, Suppressed) else ShownFigures(cell.count)


def _declared(text: str) -> ComparisonReason:
    return ComparisonReason(ReasonCode.DECLARED, (("text", text),))


def _not_comparable(*reasons: ComparisonReason) -> ResidentsComparison:
    return ResidentsComparison(ComparabilityAnswer.NOT_COMPARABLE, reasons, Finding.NOT_COMPARABLE)


def _range(estimate: Estimate) -> ValueRange:
    return ValueRange(estimate.value, estimate.low, estimate.high)


def _row(
    characteristic: Standard, group: AnswerGroup, cell: ProtectedCell, figures: ShownFigures | WithheldFigures
) -> PublishedRow:
    return PublishedRow(cell.code, characteristic.label(cell.code), group, figures)


def _not_given(characteristic: Standard, codes: tuple[str, ...]) -> list[PublishedRow]:
    unanswered = {category.code for category in characteristic.not_known}
    return [
        PublishedRow(
            code,
            characteristic.label(code),
            AnswerGroup.NOT_KNOWN if code in unanswered else AnswerGroup.ANSWERED,
            WithheldFigures(Shorthand.NOT_AVAILABLE),
        )
        for code in codes
    ]


def _sort_rows(characteristic: Standard, rows: list[PublishedRow]) -> tuple[PublishedRow, ...]:
    order = [category.code for category in (*characteristic.categories, *characteristic.not_known)]
    return tuple(sorted(rows, key=lambda row: (row.group != AnswerGroup.ANSWERED, order.index(row.code))))

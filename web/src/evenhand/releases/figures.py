"""From counts to a published table: protect first, then work out everything else from what is left to see.

Shares, indexes, gaps and ranges are functions of the published counts and the benchmark alone. So a figure that
would give a hidden count away can't be made here: there is nothing to make it from.
"""

from evenhand.evidence.benchmarks import Benchmark, NoBenchmark, benchmark
from evenhand.evidence.queries import UnprotectedTable
from evenhand.releases.enums import Group
from evenhand.releases.tables import Comparison, PublishedTable, Range, Row, Shown, Side, Withheld
from evenstat.disclosure.one_way import ProtectedCell, ProtectedTable
from evenstat.estimates import Estimate, Finding, Hidden, Shorthand
from evenstat.intervals import wilson
from evenstat.measures import Answer, Basis, comparability, representation
from evenstat.standards import Standard, standard

NO_RESIDENTS = "No figure for residents in this group is held."
NO_CENSUS = "No Census figures for this area are held here."
INCOMPLETE = "The source gives no figure for some groups; if any staff belong to them, the other shares are too high."


def publishable(
    table: UnprotectedTable,
    protected: ProtectedTable,
    *,
    period: str,
    year: int,
    area_code: str,
    declared: dict[tuple[str, str], str],
) -> PublishedTable:
    """The table as it may go out, with what can be worked out from what is left to see."""
    known = standard(table.characteristic)
    base = None if isinstance(protected.answered_total, Hidden) else protected.answered_total
    against = _Against(known, _benchmark(area_code, known), year, declared, table.not_given)
    answered = [_row(known, Group.ANSWERED, cell, _figures(cell, base, against)) for cell in protected.answered]
    not_known = [_row(known, Group.NOT_KNOWN, cell, _count(cell)) for cell in protected.not_known]
    return PublishedTable(
        characteristic=known.id,
        name=known.name,
        period=period,
        policy=protected.policy_id,
        total=protected.total,
        answered=base,
        not_known=None if isinstance(protected.not_known_total, Hidden) else protected.not_known_total,
        sides=against.sides(),
        benchmark_area=against.benchmark.area_name if against.benchmark else "",
        rows=_in_order(known, [*answered, *not_known, *_not_given(known, table.not_given)]),
    )


class _Against:
    """What the rows of one table are held against."""

    def __init__(
        self,
        known: Standard,
        residents: Benchmark | None,
        year: int,
        declared: dict[tuple[str, str], str],
        not_given: tuple[str, ...],
    ) -> None:
        unanswered = {category.code for category in known.not_known}
        compared = set(residents.counts) if residents else set()
        self.incomplete = bool((set(not_given) - unanswered) & compared)
        self.known, self.benchmark, self.declared = known, residents, declared
        self.workforce = Basis(
            population="employees",
            age_from=None,
            age_to=None,
            year=year,
            non_response="left out of the base",
            categories=known.edition,
        )

    def sides(self) -> tuple[Side, ...]:
        staff = _side("Staff", self.workforce, "left out of every share")
        if self.benchmark is None:
            return (staff,)
        what = self.benchmark.basis.non_response
        if left_out := self.benchmark.not_answered_share:
            what = f"left out of every share ({left_out:.1%} of residents)"
        return staff, _side(f"Residents of {self.benchmark.area_name}", self.benchmark.basis, what)

    def compare(self, cell: ProtectedCell, count: int, base: int) -> Comparison:
        declared = self.declared.get((self.known.id, cell.code), "")
        if self.benchmark is None:
            return _not_comparable(*(reason for reason in (declared, NO_CENSUS) if reason))
        verdict = comparability(self.known, self.workforce, self.benchmark.basis, declared=declared)
        if verdict.answer == Answer.NOT_COMPARABLE:
            return _not_comparable(*verdict.reasons)
        share = self.benchmark.share(cell.code)
        if not share:
            return _not_comparable(NO_RESIDENTS)
        result = representation(count, base, share)
        return Comparison(
            answer=Answer.WITH_CAUTION if self.incomplete else verdict.answer,
            reasons=(*verdict.reasons, *([INCOMPLETE] if self.incomplete else [])),
            finding=result.finding,
            direction=result.direction,
            benchmark_share=share,
            index=_range(result.index),
            gap_heads=result.gap_heads,
        )


def _side(who: str, basis: Basis, non_response: str) -> Side:
    upper = f" to {basis.age_to}" if basis.age_to else " and over"
    ages = f"{basis.age_from}{upper}" if basis.age_from else "employees of any age"
    return Side(who=who, ages=ages, year=str(basis.year), non_response=non_response)


def _benchmark(area_code: str, known: Standard) -> Benchmark | None:
    try:
        return benchmark(area_code, known.id)
    except NoBenchmark:
        return None


def _figures(cell: ProtectedCell, base: int | None, against: _Against) -> Shown | Withheld:
    if isinstance(cell.count, Hidden):
        return Withheld(cell.count.reason)
    if not base:
        return Shown(cell.count)
    return Shown(cell.count, _range(wilson(cell.count, base)), against.compare(cell, cell.count, base))


def _count(cell: ProtectedCell) -> Shown | Withheld:
    return Withheld(cell.count.reason) if isinstance(cell.count, Hidden) else Shown(cell.count)


def _not_comparable(*reasons: str) -> Comparison:
    return Comparison(Answer.NOT_COMPARABLE, reasons, Finding.NOT_COMPARABLE)


def _range(estimate: Estimate) -> Range:
    return Range(estimate.value, estimate.low, estimate.high)


def _row(known: Standard, group: Group, cell: ProtectedCell, figures: Shown | Withheld) -> Row:
    return Row(cell.code, known.label(cell.code), group, figures)


def _not_given(known: Standard, codes: tuple[str, ...]) -> list[Row]:
    unanswered = {category.code for category in known.not_known}
    return [
        Row(
            code,
            known.label(code),
            Group.NOT_KNOWN if code in unanswered else Group.ANSWERED,
            Withheld(Shorthand.NOT_AVAILABLE),
        )
        for code in codes
    ]


def _in_order(known: Standard, rows: list[Row]) -> tuple[Row, ...]:
    order = [category.code for category in (*known.categories, *known.not_known)]
    return tuple(sorted(rows, key=lambda row: (row.group != Group.ANSWERED, order.index(row.code))))

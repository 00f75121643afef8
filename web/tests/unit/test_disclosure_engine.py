"""Protects the tables of one year together for arbitrary counts: no attacker can work out a hidden figure."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evenhand.evidence.queries import UnprotectedTable
from evenhand.releases import linked
from evenhand.releases.certificates import check_year
from evenhand.releases.engine import PriorTable, TableProtection, protect_year, true_tables
from evenhand.releases.enums import AnswerGroup, RowSuppressionReason
from evenhand.releases.tables import PublishedRow, PublishedTable, ShownFigures, WithheldFigures
from evenstat.disclosure import policy
from evenstat.disclosure.single_tables import Cell, CountTable, ProtectedTable, protect
from evenstat.errors import CannotProtect, InvalidCount
from evenstat.estimates import Shorthand, Suppressed
from evenstat.standards import standard
from support.examples import examples

TEN, FIVE = policy("council_lt10"), policy("council_lt5")
COUNTS = st.lists(st.integers(0, 30), min_size=2, max_size=5)


def table(characteristic: str, answered: list[int], not_known: list[int]) -> UnprotectedTable:
    categories = standard(characteristic)
    groups = [
        tuple(Cell(category.code, count) for category, count in zip(part, counts, strict=False))
        for part, counts in ((categories.categories, answered), (categories.not_known, not_known))
    ]
    return UnprotectedTable(characteristic, CountTable(characteristic, *groups), ())


@st.composite
def years(draw: st.DrawFn) -> list[UnprotectedTable]:
    """Two tables of the same people. The second has a row that makes the totals equal."""
    first = table("religion", draw(COUNTS), draw(st.lists(st.integers(0, 30), max_size=2)))
    rows, total = draw(st.lists(st.integers(0, 15), min_size=2, max_size=3)), first.counts.total
    assume(total >= 10 and sum(rows) <= total)
    second = table("sexual_orientation", [total - sum(rows), *rows], [])
    return [first, second]


def published(protected: ProtectedTable, characteristic: str) -> PublishedTable:
    def row(code: str, count: int | Suppressed, group: AnswerGroup) -> PublishedRow:
        withheld = WithheldFigures(Shorthand.CONFIDENTIAL)
        return PublishedRow(code, code, group, withheld if isinstance(count, Suppressed) else ShownFigures(count))

    def value(count: int | Suppressed) -> int | None:
        return None if isinstance(count, Suppressed) else count

    return PublishedTable(
        characteristic,
        characteristic,
        "2031",
        protected.policy_id,
        protected.total,
        value(protected.answered_total),
        value(protected.not_known_total),
        "",
        (),
        (
            *(row(cell.code, cell.count, AnswerGroup.ANSWERED) for cell in protected.answered),
            *(row(cell.code, cell.count, AnswerGroup.NOT_KNOWN) for cell in protected.not_known),
        ),
    )


def published_tables(protected: dict[str, TableProtection]) -> list[PublishedTable]:
    return [published(result.table, name) for name, result in protected.items()]


def hidden(tables: list[PublishedTable]) -> set[tuple[str, str]]:
    return {
        (table.characteristic, code)
        for table in tables
        for code in linked.published_rows(table).codes
        if linked.published_counts(table)[code] is None
    }


def passes(year: list[UnprotectedTable], tables: list[PublishedTable], prior: list[PublishedTable]) -> bool:
    return check_year(
        "2031", "x", tables, true_tables({table.characteristic: table.counts for table in year}), prior=prior
    ).passed


@examples(100)
@given(years())
def test_what_the_single_table_engine_hides_is_hidden_and_the_check_passes(
    year: list[UnprotectedTable],
) -> None:
    try:
        single_results = {table.characteristic: protect(table.counts, TEN) for table in year}
    except CannotProtect:
        return
    results = protect_year(year, TEN)
    tables = published_tables(results)
    assert hidden([published(result, name) for name, result in single_results.items()]) <= hidden(tables)
    assert passes(year, tables, [])
    assert {name: result.table for name, result in protect_year(year, TEN).items()} == {
        name: result.table for name, result in results.items()
    }


@examples(100)
@given(years())
def test_every_hidden_figure_has_the_correct_reason(year: list[UnprotectedTable]) -> None:
    try:
        results = protect_year(year, TEN)
    except CannotProtect:
        return
    for unprotected in year:
        name, counts = unprotected.characteristic, linked.true_counts(unprotected.counts)
        reasons = results[name].reasons
        assert {(name, code) for code in reasons} == hidden([published(results[name].table, name)])
        for code, reason in reasons.items():
            assert (reason == RowSuppressionReason.PRIMARY) == TEN.covers(counts[code])


@examples(60)
@given(years(), st.booleans())
def test_a_second_publication_of_the_same_people_discloses_nothing(year: list[UnprotectedTable], looser: bool) -> None:
    """The second publication uses the other policy, after the first has been published."""
    policies = (FIVE, TEN) if looser else (TEN, FIVE)
    try:
        first = published_tables(protect_year(year, policies[0]))
        prior = [PriorTable(table, unprotected.counts) for table, unprotected in zip(first, year, strict=True)]
        second = published_tables(protect_year(year, policies[1], prior=prior))
    except CannotProtect:
        return
    assert hidden(first) <= hidden(second)
    assert passes(year, second, first)
    rows = [(table.characteristic, cell) for table in year for cell in table.counts.cells]
    assert {(name, cell.code) for name, cell in rows if policies[1].covers(cell.count)} <= hidden(second)


def test_tables_of_different_people_are_rejected_by_name() -> None:
    year = [table("religion", [20, 30], []), table("sex", [20, 31], [])]
    with pytest.raises(InvalidCount, match="religion: 50, sex: 51"):
        protect_year(year, TEN)

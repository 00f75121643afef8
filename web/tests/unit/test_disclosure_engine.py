"""The tables of one year together, over any counts: what the single engine hides is hidden, and no reader gets in."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evenhand.evidence.queries import UnprotectedTable
from evenhand.releases import linked
from evenhand.releases.certificates import try_year
from evenhand.releases.engine import Out, Protected, protect_year, true_tables
from evenhand.releases.enums import Group, Why
from evenhand.releases.tables import PublishedTable, Row, Shown, Withheld
from evenstat.disclosure import policy
from evenstat.disclosure.one_way import Cell, CountTable, ProtectedTable, protect
from evenstat.errors import CannotProtect, InvalidCount
from evenstat.estimates import Hidden, Shorthand
from evenstat.standards import standard

TEN, FIVE = policy("council_lt10"), policy("council_lt5")
COUNTS = st.lists(st.integers(0, 30), min_size=2, max_size=5)


def table(characteristic: str, answered: list[int], not_known: list[int]) -> UnprotectedTable:
    known = standard(characteristic)
    groups = [
        tuple(Cell(category.code, count) for category, count in zip(part, counts, strict=False))
        for part, counts in ((known.categories, answered), (known.not_known, not_known))
    ]
    return UnprotectedTable(characteristic, CountTable(characteristic, *groups), ())


@st.composite
def years(draw: st.DrawFn) -> list[UnprotectedTable]:
    """Two tables of the same people; the second has some row that makes up the difference."""
    first = table("religion", draw(COUNTS), draw(st.lists(st.integers(0, 30), max_size=2)))
    rows, total = draw(st.lists(st.integers(0, 15), min_size=2, max_size=3)), first.counts.total
    assume(total >= 10 and sum(rows) <= total)
    second = table("sexual_orientation", [total - sum(rows), *rows], [])
    return [first, second]


def printed(protected: ProtectedTable, characteristic: str) -> PublishedTable:
    def row(code: str, count: int | Hidden, group: Group) -> Row:
        withheld = Withheld(Shorthand.CONFIDENTIAL)
        return Row(code, code, group, withheld if isinstance(count, Hidden) else Shown(count))

    def number(count: int | Hidden) -> int | None:
        return None if isinstance(count, Hidden) else count

    return PublishedTable(
        characteristic,
        characteristic,
        "2031",
        protected.policy_id,
        protected.total,
        number(protected.answered_total),
        number(protected.not_known_total),
        "",
        (),
        (
            *(row(each.code, each.count, Group.ANSWERED) for each in protected.answered),
            *(row(each.code, each.count, Group.NOT_KNOWN) for each in protected.not_known),
        ),
    )


def printed_all(protected: dict[str, Protected]) -> list[PublishedTable]:
    return [printed(each.table, name) for name, each in protected.items()]


def hidden(tables: list[PublishedTable]) -> set[tuple[str, str]]:
    return {
        (each.characteristic, code)
        for each in tables
        for code in linked.published_rows(each).codes
        if linked.printed(each)[code] is None
    }


def passes(year: list[UnprotectedTable], tables: list[PublishedTable], out: list[PublishedTable]) -> bool:
    return try_year(
        "2031", "x", tables, true_tables({each.characteristic: each.counts for each in year}), out=out
    ).passed


@given(years())
def test_what_the_single_engine_hides_is_hidden_and_every_reader_is_kept_out(year: list[UnprotectedTable]) -> None:
    try:
        alone = {each.characteristic: protect(each.counts, TEN) for each in year}
    except CannotProtect:
        return
    together = protect_year(year, TEN)
    tables = printed_all(together)
    assert hidden([printed(each, name) for name, each in alone.items()]) <= hidden(tables)
    assert passes(year, tables, [])
    assert {name: each.table for name, each in protect_year(year, TEN).items()} == {
        name: each.table for name, each in together.items()
    }


@given(years())
def test_every_hidden_figure_has_its_reason_and_no_other(year: list[UnprotectedTable]) -> None:
    try:
        together = protect_year(year, TEN)
    except CannotProtect:
        return
    for each in year:
        name, counts = each.characteristic, linked.counted(each.counts)
        reasons = together[name].reasons
        assert {(name, code) for code in reasons} == hidden([printed(together[name].table, name)])
        for code, why in reasons.items():
            assert (why == Why.SMALL) == TEN.covers(counts[code])


@settings(max_examples=60)
@given(years(), st.booleans())
def test_a_second_publication_of_the_same_people_opens_nothing(year: list[UnprotectedTable], looser: bool) -> None:
    """Under the other policy, with the first one out."""
    policies = (FIVE, TEN) if looser else (TEN, FIVE)
    try:
        first = printed_all(protect_year(year, policies[0]))
        out = [Out(each, counts.counts) for each, counts in zip(first, year, strict=True)]
        second = printed_all(protect_year(year, policies[1], out=out))
    except CannotProtect:
        return
    assert hidden(first) <= hidden(second)
    assert passes(year, second, first)
    rows = [(each.characteristic, cell) for each in year for cell in each.counts.cells]
    assert {(name, cell.code) for name, cell in rows if policies[1].covers(cell.count)} <= hidden(second)


def test_tables_of_different_people_are_refused_by_name() -> None:
    year = [table("religion", [20, 30], []), table("sex", [20, 31], [])]
    with pytest.raises(InvalidCount, match="religion: 50, sex: 51"):
        protect_year(year, TEN)

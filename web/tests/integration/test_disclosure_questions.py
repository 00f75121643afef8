"""“Can I also publish this table?”: yes with what hidden, or no, why, and the nearest that could go out."""

import re

import pytest

from evenhand.authorities.enums import Role
from evenhand.authorities.models import User
from evenhand.ledger import looks
from evenhand.releases.enums import Group
from evenhand.releases.groupings import Merged, by_hand
from evenhand.releases.models import ReleaseTable
from evenhand.releases.queries import question
from evenhand.releases.recuts import Fate, Question
from evenhand.releases.tables import PublishedTable, Row, Shown, Withheld
from evenstat.disclosure import policy
from evenstat.disclosure.one_way import Cell, CountTable
from evenstat.estimates import Shorthand
from staff_pages import of_the_cast, words

P = "/work/calderdale-council/publications/"
CHECKED, OUT = f"{P}workforce-2019-to-2026-hidden-below-5/", f"{P}workforce-2019-to-2026/"
ASK = f"{OUT}another-table/2026/religion/"


def asked(db_question: Question, *codes: str) -> Fate:
    merged = by_hand(db_question.characteristic, codes)
    return db_question.answer([merged]).fates["together"]


@pytest.fixture
def religion(by: User, db) -> Question:
    """Of 2026: 11 Hindus and 5 Sikhs are hidden."""
    table = ReleaseTable.objects.get(
        release__slug="workforce-2019-to-2026", snapshot__period="2026", characteristic="religion"
    )
    return question(table, by=by)


def test_a_table_that_gives_a_hidden_figure_away_is_refused_and_the_reason_is_true(religion: Question) -> None:
    merged = by_hand("religion", ["hindu", "muslim"])
    answer = religion.answer([merged])
    assert not answer.possible
    assert set(answer.given_away) == {("religion", "hindu"), ("religion", "sikh")}
    counts = {cell.code: cell.count for cell in religion.counts["religion"].cells}
    shown = {row.code: row.shown.count for row in religion.out[2].rows if row.shown}
    assert "hindu" not in shown
    assert counts["hindu"] + counts["muslim"] - shown["muslim"] == counts["hindu"], "a reader takes one from the other"


def test_the_nearest_table_can_go_out(religion: Question) -> None:
    nearest = religion.nearest(by_hand("religion", ["hindu", "muslim"]))
    assert nearest is not None
    assert set(nearest.categories) == {"hindu", "muslim", "sikh"}
    assert religion.answer([nearest]).possible


def test_what_follows_from_what_is_out_can_go_out(religion: Question) -> None:
    assert asked(religion, "no_religion", "christian") is Fate.KNOWN  # both are shown
    assert asked(religion, "hindu", "sikh") is Fate.KNOWN  # what is left of those who answered
    assert asked(religion, "hindu", "christian") is Fate.HIDDEN


def test_a_new_row_that_gives_nothing_away_is_shown() -> None:
    """Four rows are hidden under a shown subtotal: two of them together leave two others open."""
    counts = CountTable("x", tuple(Cell(c, n) for c, n in zip("abcde", (200, 30, 12, 11, 7), strict=True)), ())
    hidden = Question("religion", (published(counts, "bcde"),), {"religion": counts}, policy("council_lt10"))
    merged = by_hand_of("bc")
    answer = hidden.answer([merged])
    assert (answer.possible, answer.says_something, answer.fates) == (True, True, {"together": Fate.SHOWN})


def test_a_new_row_that_only_insiders_could_use_is_refused_for_that() -> None:
    """Shown, the 24 of c and d leave 4 and 1: whoever is the 1 knows the 4."""
    counts = CountTable("x", tuple(Cell(c, n) for c, n in zip("abcde", (200, 12, 12, 4, 1), strict=True)), ())
    hidden = Question("religion", (published(counts, "bcde"),), {"religion": counts}, policy("council_lt10"))
    answer = hidden.answer([by_hand_of("bc")])
    assert not answer.possible
    assert answer.by_insiders
    assert ("religion", "d") in answer.given_away


def by_hand_of(codes: str) -> Merged:
    return Merged("together", codes, tuple(codes))


def published(counts: CountTable, hidden: str) -> PublishedTable:
    confidential = Withheld(Shorthand.CONFIDENTIAL)
    rows = tuple(
        Row(cell.code, cell.code, Group.ANSWERED, confidential if cell.code in hidden else Shown(cell.count))
        for cell in counts.answered
    )
    total = counts.total
    return PublishedTable("religion", "Religion", "2031", "council_lt10", total, total, 0, "", (), rows)


def test_the_page_refuses_with_its_reason_and_links_the_nearest(db) -> None:
    looks.drain()
    analyst = of_the_cast(Role.ANALYST)
    page = analyst.get(f"{ASK}?together=hindu&together=muslim")
    said = words(page)
    assert "No, this table can’t go out" in said
    assert "any reader could work out exactly: Religion: Hindu , Religion: Sikh" in said
    assert looks.drain() == 1
    (nearest,) = re.findall(r'href="(\?together=[^"]+)"', page.content.decode())
    assert "Yes, this table could go out" in words(analyst.get(ASK + nearest.replace("&amp;", "&")))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Which groups would stand together as one row?"),
        ("?together=hindu", "Choose at least two groups."),
        ("?together=hindu&together=shoes", "Choose among the groups of this table."),
        ("?grouping=three", "It says nothing that can’t be added up"),
        ("?grouping=none", "Which groups would stand together as one row?"),
    ],
)
def test_the_page_takes_any_question(db, query: str, said: str) -> None:
    assert said in words(of_the_cast(Role.ANALYST).get(ASK + query))


@pytest.mark.parametrize("address", ["2026/shoes/", "1999/religion/"])
def test_a_table_that_is_not_out_has_no_page(db, address: str) -> None:
    assert of_the_cast(Role.ANALYST).get(f"{OUT}another-table/{address}").status_code == 404


def test_it_is_asked_of_what_is_out_alone(db) -> None:
    for address in ("", "2026/religion/"):
        assert of_the_cast(Role.ANALYST).get(f"{CHECKED}another-table/{address}").status_code == 404


def test_the_staff_page_of_a_published_one_leads_to_the_question(db) -> None:
    def leads(role: Role) -> bool:
        return "another-table" in of_the_cast(role).get(OUT).content.decode()

    assert leads(Role.ANALYST)
    assert not leads(Role.APPROVER)

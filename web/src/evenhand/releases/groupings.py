"""Coarser groupings of the standards, as data: what an analyst reaches for before any row is hidden.

Categories of an order, such as ages, are merged with their neighbours alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evenstat.disclosure.one_way import Cell, CountTable
from evenstat.standards import standard


@dataclass(frozen=True)
class Merged:
    """Several categories shown as one row."""

    code: str
    label: str | Promise
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Grouping:
    """One way of merging the categories of a characteristic. Those that it does not name stay as they are."""

    id: str
    characteristic: str
    name: str | Promise
    merged: tuple[Merged, ...]


NO_ANSWER = Merged(
    "no_answer", _("No answer, for whatever reason"), ("prefer_not_to_say", "not_known", "not_shown_at_source")
)
GROUPINGS: tuple[Grouping, ...] = (
    Grouping(
        "two",
        "ethnicity",
        _("White, and all other groups together"),
        (Merged("other_than_white", _("All other than White"), ("mixed", "asian", "black", "other")), NO_ANSWER),
    ),
    Grouping(
        "three",
        "religion",
        _("No religion, Christian, and all other religions together"),
        (
            Merged(
                "other_religions",
                _("All religions other than Christian"),
                ("buddhist", "hindu", "jewish", "muslim", "sikh", "other"),
            ),
            NO_ANSWER,
        ),
    ),
    Grouping(
        "two",
        "sexual_orientation",
        _("Straight, and all others together"),
        (
            Merged("lgb_and_other", _("Gay, Lesbian, Bisexual or other"), ("gay_lesbian", "bisexual", "other")),
            NO_ANSWER,
        ),
    ),
    Grouping(
        "four",
        "age",
        _("Four bands: to 24, 25 to 44, 45 to 64, 65 and over"),
        (
            Merged("0-24", _("To 24"), ("0-14", "15-24")),
            Merged("25-44", _("25 to 44"), ("25-34", "35-44")),
            Merged("45-64", _("45 to 64"), ("45-54", "55-64")),
            Merged("65+", _("65 and over"), ("65-69", "70+")),
            NO_ANSWER,
        ),
    ),
)


def groupings_of(characteristic: str) -> tuple[Grouping, ...]:
    return tuple(each for each in GROUPINGS if each.characteristic == characteristic)


def by_hand(characteristic: str, categories: Sequence[str]) -> Merged:
    """The categories that somebody chose, as one row."""
    known = standard(characteristic)
    return Merged("together", " + ".join(known.label(each) for each in categories), tuple(categories))


def recoded(table: CountTable, merged: Sequence[Merged]) -> CountTable:
    """The table with these categories added up. A merged row stands where its first category stood."""
    return CountTable(table.name, *(_added_up(group, merged) for group in (table.answered, table.not_known)))


def _added_up(group: tuple[Cell, ...], merged: Sequence[Merged]) -> tuple[Cell, ...]:
    row = {category: each.code for each in merged for category in each.categories}
    counts: dict[str, int] = {}
    for cell in group:
        code = row.get(cell.code, cell.code)
        counts[code] = counts.get(code, 0) + cell.count
    return tuple(Cell(code, count) for code, count in counts.items())

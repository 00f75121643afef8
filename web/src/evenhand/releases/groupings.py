"""Coarser groupings of the standards, which an analyst can use instead of suppressing rows.

Ordered categories, such as age bands, are only merged with adjacent categories.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evenstat.disclosure.single_tables import Cell, CountTable
from evenstat.standards import standard


@dataclass(frozen=True)
class MergedRow:
    """Several categories shown as one row."""

    code: str
    label: str | Promise
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Grouping:
    """A way of merging the categories of a characteristic. Categories that it does not name are unchanged."""

    id: str
    characteristic: str
    name: str | Promise
    merged: tuple[MergedRow, ...]


NO_ANSWER = MergedRow(
    "no_answer", _("No answer, for any reason"), ("prefer_not_to_say", "not_known", "not_shown_at_source")
)
GROUPINGS: tuple[Grouping, ...] = (
    Grouping(
        "two",
        "ethnicity",
        _("White, and all other groups together"),
        (MergedRow("other_than_white", _("All other than White"), ("mixed", "asian", "black", "other")), NO_ANSWER),
    ),
    Grouping(
        "three",
        "religion",
        _("No religion, Christian, and all other religions together"),
        (
            MergedRow(
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
            MergedRow("lgb_and_other", _("Gay, Lesbian, Bisexual or other"), ("gay_lesbian", "bisexual", "other")),
            NO_ANSWER,
        ),
    ),
    Grouping(
        "four",
        "age",
        _("Four bands: to 24, 25 to 44, 45 to 64, 65 and over"),
        (
            MergedRow("0-24", _("To 24"), ("0-14", "15-24")),
            MergedRow("25-44", _("25 to 44"), ("25-34", "35-44")),
            MergedRow("45-64", _("45 to 64"), ("45-54", "55-64")),
            MergedRow("65+", _("65 and over"), ("65-69", "70+")),
            NO_ANSWER,
        ),
    ),
)


def groupings_of(characteristic: str) -> tuple[Grouping, ...]:
    return tuple(grouping for grouping in GROUPINGS if grouping.characteristic == characteristic)


def merged_row(characteristic: str, categories: Sequence[str]) -> MergedRow:
    """One row made of the chosen categories."""
    labels = standard(characteristic)
    return MergedRow("together", " + ".join(labels.label(code) for code in categories), tuple(categories))


def recoded(table: CountTable, merged: Sequence[MergedRow]) -> CountTable:
    """The table with these categories merged. A merged row takes the place of its first category."""
    return CountTable(table.name, *(_merge(group, merged) for group in (table.answered, table.not_known)))


def _merge(group: tuple[Cell, ...], merged: Sequence[MergedRow]) -> tuple[Cell, ...]:
    merged_codes = {category: row.code for row in merged for category in row.categories}
    counts: dict[str, int] = {}
    for cell in group:
        code = merged_codes.get(cell.code, cell.code)
        counts[code] = counts.get(code, 0) + cell.count
    return tuple(Cell(code, count) for code, count in counts.items())

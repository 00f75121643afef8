"""The CSV file of a publication: one line for each table row, with the statistical service's shorthand for gaps."""

import csv
import io
from collections.abc import Iterable, Iterator

from evenhand.releases.enums import AnswerGroup
from evenhand.releases.models import Release
from evenhand.releases.tables import (
    FORMAT,
    FORMAT_IN_WORDS,
    PublishedRow,
    PublishedTable,
    ResidentsComparison,
    ValueRange,
)

COLUMNS = (
    "authority",
    "period",
    "characteristic",
    "group",
    "category_code",
    "category",
    "count",
    "share_percent",
    "share_low_percent",
    "share_high_percent",
    "residents_share_percent",
    "index",
    "index_low",
    "index_high",
    "gap_heads",
    "finding",
    "comparability",
    "reasons",
)
# The share of residents is not rounded like the other figures: with this many places, the index and the difference in
# headcount can be calculated again, to their last printed digit, from this file alone. A table in the format of earlier
# versions has the places that it was published with.
RESIDENTS_PLACES = {FORMAT_IN_WORDS: 2, FORMAT: 12}
CONFIDENTIAL = "[c]"
NOT_APPLICABLE = "[z]"


def csv_of(release: Release, tables: Iterable[PublishedTable]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for table in tables:
        writer.writerows(_csv_rows(release.authority.name, table))
    return text.getvalue().encode("utf-8-sig")


def _csv_rows(authority: str, table: PublishedTable) -> Iterator[list[str]]:
    prefix = [authority, table.period, table.characteristic]
    not_applicable = [NOT_APPLICABLE] * (len(COLUMNS) - 7)
    for code, label, number in (
        ("total", "All staff", table.total),
        ("answered", "Staff whose answer is known", table.answered),
        ("not_known", "Staff whose answer is not known", table.not_known),
    ):
        yield [*prefix, "total", code, label, CONFIDENTIAL if number is None else str(number), *not_applicable]
    for row in table.rows:
        yield [*prefix, row.group, row.code, row.label, *_figures(row, table)]


def _figures(row: PublishedRow, table: PublishedTable) -> list[str]:
    if row.shown is None:
        return [row.mark] * (len(COLUMNS) - 6)
    if row.group == AnswerGroup.ANSWERED and row.shown.share is None:
        return [str(row.shown.count), *[table.no_share_mark] * (len(COLUMNS) - 7)]
    comparison = row.shown.comparison
    return [
        str(row.shown.count),
        *_range(row.shown.share, 100, 2),
        *_comparison(comparison, RESIDENTS_PLACES[table.format]),
    ]


def _comparison(comparison: ResidentsComparison | None, residents_places: int) -> list[str]:
    if comparison is None:
        return [NOT_APPLICABLE] * 8
    return [
        _number(comparison.benchmark_share, 100, residents_places),
        *_range(comparison.index, 1, 3),
        _number(comparison.gap_heads, 1, 1),
        comparison.finding,
        comparison.answer,
        " ".join(str(reason) for reason in comparison.reasons),
    ]


def _range(value_range: ValueRange | None, scale: int, places: int) -> list[str]:
    values = (value_range.value, value_range.low, value_range.high) if value_range else (None, None, None)
    return [_number(value, scale, places) for value in values]


def _number(value: float | None, scale: int, places: int) -> str:
    return NOT_APPLICABLE if value is None else f"{value * scale:.{places}f}"

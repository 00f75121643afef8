"""Releases in files: one row for each cell, with its labels, its count if it is shown, and its status."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

import numpy as np

from evenstat.disclosure.auditing import counts_marked, counts_printed_as
from evenstat.disclosure.files.members import column_of, dimension_columns, refuse_unknown
from evenstat.disclosure.files.sheet import Sheet, SheetRow, count_of, did_you_mean
from evenstat.disclosure.files.table_layout import shape_of
from evenstat.disclosure.policies import Policy
from evenstat.disclosure.rounding import RoundedTables
from evenstat.disclosure.tables import NO_LIMIT, TOTAL, Dimension, Flags, Integers, Key, Layout, Publication
from evenstat.disclosure.tables.layout import Table
from evenstat.errors import InvalidCount, InvalidInput
from evenstat.estimates import CONFIDENTIAL, LOW

MARK = str(CONFIDENTIAL)  # instead of a suppressed count, without saying why it is suppressed
SMALL = str(LOW)  # instead of a small count, if others are rounded
MAX_LISTED = 20  # errors in one message


class CellStatus(StrEnum):
    """The status of a cell: published, primary suppression or secondary suppression."""

    PUBLISHED = "published"
    PRIMARY = "primary"
    SECONDARY = "secondary"


def release_rows(
    shape: Layout, counts: Integers, suppressed: Flags, primary: Flags, *, with_counts: bool = False
) -> Iterator[Sequence[str | int | None]]:
    """Rows of a file: column names first, then cells. Suppressed counts are empty unless `with_counts` is True."""
    yield (*shape.names, "n", "status")
    for cell in np.flatnonzero(~shape.unpublished).tolist():
        status = CellStatus.PUBLISHED
        if suppressed[cell]:
            status = CellStatus.PRIMARY if primary[cell] else CellStatus.SECONDARY
        shown = with_counts or not suppressed[cell]
        yield (*shape.key(cell), int(counts[cell]) if shown else None, status.value)


def public_rows(publication: Publication) -> Iterator[Sequence[str | int | None]]:
    """Rows of a file that may be published: it does not distinguish primary from secondary suppressions."""
    shape = publication.shape
    yield (*shape.names, "n")
    for cell in np.flatnonzero(~shape.unpublished).tolist():
        yield (*shape.key(cell), MARK if publication.suppressed[cell] else int(publication.low[cell]))


def rounded_rows(result: RoundedTables) -> Iterator[Sequence[str | int | None]]:
    """Rows of a file that may be published: a number, or a mark instead of one."""
    shape, values = result.tables.shape, result.values
    yield (*shape.names, "n")
    for cell in np.flatnonzero(~shape.unpublished).tolist():
        value = values[cell]
        yield (*shape.key(cell), value if isinstance(value, int) else str(value))


def read_release(
    sheet: Sheet,
    dimensions: Sequence[Dimension],
    tables: Sequence[Table] | None = None,
    *,
    place: str = "",
    zeros_shown: bool = True,
) -> Publication:
    """The publication in a release file; counts of suppressed cells are ignored.

    Args:
        sheet: columns of labels, `n`, and `status` or, as written by another program, `suppressed` (TRUE or FALSE).
            Without either, suppressed counts are marked [c].
        dimensions: those that it may use.
        tables: all cells of these must be present; None if it may be a part of a release, such as one single figure.
        place: where the tables are defined, for messages.
        zeros_shown: a suppressed cell is never 0.
    """
    shape, rows = _layout_and_rows(sheet, dimensions, tables, place)
    low, high, suppressed = _ranges(sheet, shape, rows, lambda text, at: (count_of(text, at),) * 2)
    _refuse_inconsistent_sums(sheet, shape, low, shown=~suppressed & ~shape.unpublished)
    return Publication(shape, low, high, suppressed, zeros_shown)


def read_rounded(
    sheet: Sheet, dimensions: Sequence[Dimension], tables: Sequence[Table], rule: Policy, *, place: str = ""
) -> Publication:
    """The publication in a release file with rounded counts: for each figure, the counts that it can stand for.

    Args:
        sheet: columns of labels, and `n`: a number, [low] if the policy marks small counts, [c] if a figure was
        withheld.
        dimensions, tables, place: as for `read_release`.
        rule: the policy by which it was rounded. A withheld cell is assumed not to be 0 if the policy publishes 0 only
            for true zeros.
    """
    shape, rows = _layout_and_rows(sheet, dimensions, tables, place)
    low, high, suppressed = _ranges(sheet, shape, rows, lambda text, at: _rounded_to(text, at, rule))
    return Publication(shape, low, high, suppressed, counts_printed_as(0, rule) == (0, 0))


def _ranges(
    sheet: Sheet, shape: Layout, rows: Mapping[int, SheetRow], stands_for: Callable[[str, str], tuple[int, int]]
) -> tuple[Integers, Integers, Flags]:
    """The bounds of each cell, from what its text can stand for; and which cells are suppressed."""
    low, high = np.zeros(len(shape), dtype=np.int64), np.full(len(shape), NO_LIMIT)
    suppressed = np.zeros(len(shape), dtype=bool)
    for cell, row in rows.items():
        suppressed[cell] = _is_hidden(sheet, row)
        if not suppressed[cell]:
            low[cell], high[cell] = stands_for(row.cells[sheet.columns.index("n")], sheet.at(row, "n"))
    return low, high, suppressed


def _rounded_to(text: str, at: str, rule: Policy) -> tuple[int, int]:
    counts = counts_marked(rule) if text == SMALL else counts_printed_as(count_of(text, at), rule)
    if counts is None:
        raise InvalidInput(
            f"{at}: policy {rule.id!r} publishes no count as {text}. Check that the file was rounded by this policy, in"
            " this way."
        )
    return counts


def read_cell_list(sheet: Sheet, shape: Layout) -> tuple[int, ...]:
    """The numbers of the cells that a file lists. A dimension without a column is at its total."""
    read = _cells(sheet, shape.dimensions, of_release=False)
    return tuple(_numbered(sheet, shape, read, shape.dimensions))


def _layout_and_rows(
    sheet: Sheet, dimensions: Sequence[Dimension], tables: Sequence[Table] | None, place: str
) -> tuple[Layout, dict[int, SheetRow]]:
    """The layout of a release, and the row of each of its cells that is present."""
    read = _cells(sheet, dimensions)
    shape = shape_of(_used(sheet, dimensions), tables or _tables(read, dimensions), place or sheet.place)
    rows = _numbered(sheet, shape, read, dimensions)
    missing = np.array([cell not in rows for cell in range(len(shape))])
    if tables is not None:
        _refuse_missing(sheet, shape, missing)
    return replace(shape, unpublished=missing), rows


def _cells(sheet: Sheet, dimensions: Sequence[Dimension], *, of_release: bool = True) -> list[tuple[SheetRow, Key]]:
    if of_release:
        sheet.need(["n"], "holds the counts that are shown")
    columns = {dimension.name: column_of(sheet, dimension) for dimension in dimensions}
    for name in dimension_columns(sheet):
        if name not in columns.values():
            names = [dimension.name for dimension in dimensions]
            raise InvalidInput(
                f"{sheet.place}, row 1: the column {name!r} is not a dimension of these tables."
                f"{did_you_mean(name, names)} Remove it, or rename it. The dimensions are: {', '.join(names)}."
            )
    given = [(dimension, column) for dimension in dimensions if (column := columns[dimension.name])]
    cells = []
    for row, labels in sheet.values([column for _, column in given]):
        for (dimension, column), label in zip(given, labels, strict=True):
            refuse_unknown(sheet, row, column, label, dimension)
        by_name = {dimension.name: label for (dimension, _), label in zip(given, labels, strict=True)}
        cells.append((row, tuple(by_name.get(dimension.name, TOTAL) for dimension in dimensions)))
    return cells


def _used(sheet: Sheet, dimensions: Sequence[Dimension]) -> list[Dimension]:
    return [dimension for dimension in dimensions if column_of(sheet, dimension)]


def _tables(read: Sequence[tuple[SheetRow, Key]], dimensions: Sequence[Dimension]) -> tuple[Table, ...]:
    """The smallest set of tables that has every one of these cells."""
    level = {
        (dimension.name, code): name
        for dimension in dimensions
        for name, codes in dimension.levels.items()
        for code in codes
    }
    kinds = dict.fromkeys(
        tuple(
            (at, level[dimension.name, code])
            for at, (dimension, code) in enumerate(zip(dimensions, key, strict=True))
            if code != TOTAL
        )
        for _, key in read
    )
    shown = {
        (at, name): dimension.down_to(name) for at, dimension in enumerate(dimensions) for name in dimension.levels
    }

    def covers(table: Mapping[int, str], other: Mapping[int, str]) -> bool:
        return all(at in table and shown[at, name] <= shown[at, table[at]] for at, name in other.items())

    levels_used = [dict(kind) for kind in kinds if kind]
    largest = [
        table for table in levels_used if not any(covers(other, table) and other != table for other in levels_used)
    ]
    return tuple(tuple(table.values()) for table in largest) or ((next(iter(dimensions)).name,),)


def _numbered(
    sheet: Sheet, shape: Layout, read: Sequence[tuple[SheetRow, Key]], dimensions: Sequence[Dimension]
) -> dict[int, SheetRow]:
    at = [place for place, dimension in enumerate(dimensions) if dimension.name in shape.names]
    row_of_cell: dict[int, SheetRow] = {}
    for row, key in read:
        cell = shape.number.get(tuple(key[place] for place in at))
        if cell is None:
            raise InvalidInput(
                f"{sheet.place}, row {row.number}: no table has the cell {' / '.join(key)}. Add the table, or"
                " remove the row."
            )
        if cell in row_of_cell:
            raise InvalidInput(
                f"{sheet.place}, row {row.number}: {shape.named(cell)} is already in row {row_of_cell[cell].number}."
                " Remove one of the two."
            )
        row_of_cell[cell] = row
    return row_of_cell


def _is_hidden(sheet: Sheet, row: SheetRow) -> bool:
    if "status" in sheet.columns:
        column, meanings = "status", {status.value: status is not CellStatus.PUBLISHED for status in CellStatus}
    elif "suppressed" in sheet.columns:
        column, meanings = "suppressed", {"TRUE": True, "FALSE": False, "True": True, "False": False}
    else:
        return row.cells[sheet.columns.index("n")] == MARK
    text = row.cells[sheet.columns.index(column)]
    if text not in meanings:
        raise InvalidInput(
            f"{sheet.at(row, column)}: {text!r} is not a valid status. Use one of {', '.join(meanings)}."
        )
    return meanings[text]


def _refuse_missing(sheet: Sheet, shape: Layout, missing: Flags) -> None:
    names = [shape.named(cell) for cell in np.flatnonzero(missing).tolist()]
    if names:
        raise InvalidInput(
            f"{sheet.place}: there is no row for {_listed(names)}. Add a row for each, with 0 if there is nobody."
        )


def _refuse_inconsistent_sums(sheet: Sheet, shape: Layout, low: Integers, *, shown: Flags) -> None:
    wrong = []
    for whole, parts in shape.sums():
        added, every = int(low[parts[shown[parts]]].sum()), bool(shown[parts].all())
        if shown[whole] and (added > low[whole] or (every and added != low[whole])):
            wrong.append(f"{shape.named(whole)} is {low[whole]}, its parts add up to {added}")
    if wrong:
        raise InvalidCount(f"{sheet.place}: these margins do not add up: {_listed(wrong)}. Correct the counts.")


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MAX_LISTED
    return "; ".join(names[:MAX_LISTED]) + (f"; and {more} more" if more > 0 else "")

"""Releases in files: one row for each cell, with its labels, its count where that is shown, and its status."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

import numpy as np

from evenstat.disclosure.auditing import counts_marked, counts_printed_as
from evenstat.disclosure.files.members import column_of, dimension_columns, refuse_unknown
from evenstat.disclosure.files.shape import shape_of
from evenstat.disclosure.files.sheet import Row, Sheet, count_of, meant
from evenstat.disclosure.policies import Policy
from evenstat.disclosure.rounding import Rounded
from evenstat.disclosure.tables import NO_LIMIT, TOTAL, Dimension, Flags, Integers, Key, Layout, Publication
from evenstat.disclosure.tables.layout import Table
from evenstat.errors import InvalidCount, InvalidInput
from evenstat.estimates import CONFIDENTIAL, LOW

MARK = str(CONFIDENTIAL)  # in place of a hidden count, where readers are not to know why it is hidden
SMALL = str(LOW)  # in place of a small count, where others are rounded
NAMED_AT_ONCE = 20  # mistakes, so that a message can be read


class Status(StrEnum):
    """What became of a cell: shown, hidden because it is unsafe itself, or hidden beside those."""

    PUBLISHED = "published"
    PRIMARY = "primary"
    SECONDARY = "secondary"


def release_rows(
    shape: Layout, counts: Integers, hidden: Flags, unsafe: Flags, *, with_counts: bool = False
) -> Iterator[Sequence[str | int | None]]:
    """Rows of a file: names of columns first, then cells. Hidden counts are left empty, unless they are asked for."""
    yield (*shape.names, "n", "status")
    for cell in np.flatnonzero(~shape.behind).tolist():
        status = Status.PUBLISHED
        if hidden[cell]:
            status = Status.PRIMARY if unsafe[cell] else Status.SECONDARY
        shown = with_counts or not hidden[cell]
        yield (*shape.key(cell), int(counts[cell]) if shown else None, status.value)


def public_rows(publication: Publication) -> Iterator[Sequence[str | int | None]]:
    """Rows of a file that may go out: which hidden counts are small is not in it."""
    shape = publication.shape
    yield (*shape.names, "n")
    for cell in np.flatnonzero(~shape.behind).tolist():
        yield (*shape.key(cell), MARK if publication.hidden[cell] else int(publication.low[cell]))


def rounded_rows(result: Rounded) -> Iterator[Sequence[str | int | None]]:
    """Rows of a file that may go out: a number, or a mark in place of one."""
    shape, values = result.tables.shape, result.values
    yield (*shape.names, "n")
    for cell in np.flatnonzero(~shape.behind).tolist():
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
    """What a reader sees of a release; counts of hidden cells are not looked at.

    Args:
        sheet: columns of labels, `n`, and `status` or, as another program writes it, `suppressed` (TRUE or FALSE).
            Without either, hidden counts are marked [c].
        dimensions: that it may use.
        tables: all cells of these must be there; None where it may be a part of a release, such as one single figure.
        place: where the tables are named, for messages.
        zeros_shown: a hidden cell is never 0.
    """
    shape, found = _found(sheet, dimensions, tables, place)
    low, high, hidden = _ranges(sheet, shape, found, lambda text, at: (count_of(text, at),) * 2)
    _refuse_what_does_not_add_up(sheet, shape, low, shown=~hidden & ~shape.behind)
    return Publication(shape, low, high, hidden, zeros_shown)


def read_rounded(
    sheet: Sheet, dimensions: Sequence[Dimension], tables: Sequence[Table], rule: Policy, *, place: str = ""
) -> Publication:
    """What a reader sees of a release whose counts were rounded: of each figure, the counts that it stands for.

    Args:
        sheet: columns of labels, and `n`: a number, [low] where the rule marks small counts, [c] where a figure was
            withheld.
        dimensions, tables, place: as for `read_release`.
        rule: the policy by which it was rounded. A withheld cell is taken not to be 0 where the rule prints 0 for
            nobody alone.
    """
    shape, found = _found(sheet, dimensions, tables, place)
    low, high, hidden = _ranges(sheet, shape, found, lambda text, at: _rounded_to(text, at, rule))
    return Publication(shape, low, high, hidden, counts_printed_as(0, rule) == (0, 0))


def _ranges(
    sheet: Sheet, shape: Layout, found: Mapping[int, Row], stands_for: Callable[[str, str], tuple[int, int]]
) -> tuple[Integers, Integers, Flags]:
    """The least and the most count of each cell, by what its text stands for at its place; and which are hidden."""
    low, high = np.zeros(len(shape), dtype=np.int64), np.full(len(shape), NO_LIMIT)
    hidden = np.zeros(len(shape), dtype=bool)
    for cell, row in found.items():
        hidden[cell] = _is_hidden(sheet, row)
        if not hidden[cell]:
            low[cell], high[cell] = stands_for(row.cells[sheet.columns.index("n")], sheet.at(row, "n"))
    return low, high, hidden


def _rounded_to(text: str, at: str, rule: Policy) -> tuple[int, int]:
    counts = counts_marked(rule) if text == SMALL else counts_printed_as(count_of(text, at), rule)
    if counts is None:
        raise InvalidInput(
            f"{at}: policy {rule.id!r} prints no count as {text}. Was this file rounded by it, and in the same way?"
        )
    return counts


def read_forced(sheet: Sheet, shape: Layout) -> tuple[int, ...]:
    """The numbers of the cells that a file lists. A dimension whose column it leaves out is at its total."""
    read = _cells(sheet, shape.dimensions, of_release=False)
    return tuple(_numbered(sheet, shape, read, shape.dimensions))


def _found(
    sheet: Sheet, dimensions: Sequence[Dimension], tables: Sequence[Table] | None, place: str
) -> tuple[Layout, dict[int, Row]]:
    """The layout of a release, and the row of each cell of it that is there."""
    read = _cells(sheet, dimensions)
    shape = shape_of(_used(sheet, dimensions), tables or _tables(read, dimensions), place or sheet.place)
    found = _numbered(sheet, shape, read, dimensions)
    missing = np.array([cell not in found for cell in range(len(shape))])
    if tables is not None:
        _refuse_missing(sheet, shape, missing)
    return replace(shape, behind=missing), found


def _cells(sheet: Sheet, dimensions: Sequence[Dimension], *, of_release: bool = True) -> list[tuple[Row, Key]]:
    if of_release:
        sheet.need(["n"], "holds the counts that are shown")
    columns = {each.name: column_of(sheet, each) for each in dimensions}
    for name in dimension_columns(sheet):
        if name not in columns.values():
            known = [each.name for each in dimensions]
            raise InvalidInput(
                f"{sheet.place}, row 1: the column {name!r} is no dimension of these tables.{meant(name, known)}"
                f" Take it out, or rename it. The dimensions are: {', '.join(known)}."
            )
    given = [(each, column) for each in dimensions if (column := columns[each.name])]
    found = []
    for row, labels in sheet.values([column for _, column in given]):
        for (dimension, column), label in zip(given, labels, strict=True):
            refuse_unknown(sheet, row, column, label, dimension)
        by_name = {dimension.name: label for (dimension, _), label in zip(given, labels, strict=True)}
        found.append((row, tuple(by_name.get(each.name, TOTAL) for each in dimensions)))
    return found


def _used(sheet: Sheet, dimensions: Sequence[Dimension]) -> list[Dimension]:
    return [each for each in dimensions if column_of(sheet, each)]


def _tables(read: Sequence[tuple[Row, Key]], dimensions: Sequence[Dimension]) -> tuple[Table, ...]:
    """The fewest tables that have every one of these cells."""
    level = {(each.name, code): name for each in dimensions for name, codes in each.levels.items() for code in codes}
    kinds = dict.fromkeys(
        tuple(
            (at, level[dimension.name, code])
            for at, (dimension, code) in enumerate(zip(dimensions, key, strict=True))
            if code != TOTAL
        )
        for _, key in read
    )
    shown = {(at, name): each.down_to(name) for at, each in enumerate(dimensions) for name in each.levels}

    def covers(one: Mapping[int, str], other: Mapping[int, str]) -> bool:
        return all(at in one and shown[at, name] <= shown[at, one[at]] for at, name in other.items())

    those = [dict(kind) for kind in kinds if kind]
    most = [one for one in those if not any(covers(other, one) and other != one for other in those)]
    return tuple(tuple(one.values()) for one in most) or ((next(iter(dimensions)).name,),)


def _numbered(
    sheet: Sheet, shape: Layout, read: Sequence[tuple[Row, Key]], dimensions: Sequence[Dimension]
) -> dict[int, Row]:
    at = [place for place, each in enumerate(dimensions) if each.name in shape.names]
    found: dict[int, Row] = {}
    for row, key in read:
        cell = shape.number.get(tuple(key[place] for place in at))
        if cell is None:
            raise InvalidInput(
                f"{sheet.place}, row {row.number}: no table has the cell {' / '.join(key)}. Name the table, or take the"
                " row out."
            )
        if cell in found:
            raise InvalidInput(
                f"{sheet.place}, row {row.number}: {shape.named(cell)} is in row {found[cell].number} already. Take one"
                " of the two out."
            )
        found[cell] = row
    return found


def _is_hidden(sheet: Sheet, row: Row) -> bool:
    if "status" in sheet.columns:
        column, known = "status", {each.value: each is not Status.PUBLISHED for each in Status}
    elif "suppressed" in sheet.columns:
        column, known = "suppressed", {"TRUE": True, "FALSE": False, "True": True, "False": False}
    else:
        return row.cells[sheet.columns.index("n")] == MARK
    text = row.cells[sheet.columns.index(column)]
    if text not in known:
        raise InvalidInput(f"{sheet.at(row, column)}: {text!r} is not known here. Use one of {', '.join(known)}.")
    return known[text]


def _refuse_missing(sheet: Sheet, shape: Layout, missing: Flags) -> None:
    names = [shape.named(cell) for cell in np.flatnonzero(missing).tolist()]
    if names:
        raise InvalidInput(
            f"{sheet.place}: no row is there for {_listed(names)}. Add them with what is published there: 0 where there"
            " is nobody."
        )


def _refuse_what_does_not_add_up(sheet: Sheet, shape: Layout, low: Integers, *, shown: Flags) -> None:
    wrong = []
    for whole, parts in shape.sums():
        added, every = int(low[parts[shown[parts]]].sum()), bool(shown[parts].all())
        if shown[whole] and (added > low[whole] or (every and added != low[whole])):
            wrong.append(f"{shape.named(whole)} is {low[whole]}, its parts add up to {added}")
    if wrong:
        raise InvalidCount(f"{sheet.place}: these margins do not add up: {_listed(wrong)}. Mend the counts.")


def _listed(names: Sequence[str]) -> str:
    more = len(names) - NAMED_AT_ONCE
    return "; ".join(names[:NAMED_AT_ONCE]) + (f"; and {more} more" if more > 0 else "")

"""True counts from a file: of inner cells, or of tables that are already tabulated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from evenstat.disclosure.files.file_io import read
from evenstat.disclosure.files.members import LabelSources, column_of, dimensions, refuse_unknown
from evenstat.disclosure.files.sheet import Sheet, count_of
from evenstat.disclosure.files.table_file import TableFile
from evenstat.disclosure.files.table_layout import shape_of
from evenstat.disclosure.tables import (
    TOTAL,
    Dimension,
    Key,
    Layout,
    LinkedTables,
    Records,
    Tabulated,
    TrueCounts,
    from_records,
    from_tabulated,
)
from evenstat.errors import EvenstatError, InvalidInput


@dataclass(frozen=True, eq=False)
class CellCounts:
    """The counts of a file. For inner cells `labels` has the category of every row; for tables that are already
    tabulated, with totals, it has the codes.
    """

    sheet: Sheet
    dimensions: tuple[Dimension, ...]
    labels: Mapping[str, Sequence[str]]
    counts: tuple[int, ...]
    tabulated: bool

    def tables(self, shape: Layout) -> LinkedTables:
        """The true counts of these tables. Raises InvalidInput or InvalidCount if the file does not give them."""
        try:
            if not self.tabulated:
                return from_records(shape, self.labels, self.counts)
            return from_tabulated(shape, self._by_key(shape))
        except EvenstatError as error:
            raise type(error)(f"{self.sheet.place}: {error}") from error

    def truth(self, shape: Layout) -> TrueCounts:
        """True counts for other tables too, as far as they can be derived from the tables of the layout."""
        if not self.tabulated:
            return Records(self.labels, self.counts)
        return Tabulated([self.tables(shape)])

    def _by_key(self, shape: Layout) -> dict[Key, int]:
        columns = [self.labels[name] for name in shape.names]
        return dict(zip(zip(*columns, strict=True), self.counts, strict=True))


def read_cells(sheet: Sheet, table_file: TableFile, sources: LabelSources, *, count: str = "n") -> CellCounts:
    """The counts of a sheet; a total anywhere in it means that it contains tables that are already tabulated.

    Args:
        sheet: one row for each cell, one column for each dimension, and one of counts.
        table_file: the tables to publish.
        sources: the other files that name labels, not including this one.
        count: the name of the column of counts.

    Raises:
        InvalidInput: a column is missing, a cell occurs twice, or a count cannot be read; with its row.
    """
    sheet.need([count], "holds the counts")
    if count in table_file.dimensions:
        raise InvalidInput(
            f"{table_file.place}: {count!r} is the column of counts and cannot be a dimension. Correct --count."
        )
    tabulated = _is_tabulated(sheet, table_file)
    if not tabulated:
        sheet.need(table_file.dimensions, f"{table_file.place} names")
    own = (
        LabelSources((), (sheet.only(_labelled(sheet, count, table_file)),))
        if tabulated
        else LabelSources((sheet,), ())
    )
    all_dimensions = dimensions(table_file, LabelSources((*own.plain, *sources.plain), (*own.mixed, *sources.mixed)))
    counts = tuple(_counts(sheet, count))
    _refuse_twice(sheet, [name for name in sheet.columns if name != count])
    if not tabulated:
        _refuse_hidden_groups(sheet, table_file)
    labels = {
        dimension.name: _labels(sheet, dimension, tabulated=tabulated)
        for dimension in all_dimensions
        if column_of(sheet, dimension)
    }
    return CellCounts(sheet, all_dimensions, labels, counts, tabulated)


def read_tables(
    path: Path, table_file: TableFile, *, count: str = "n", members: Path | None = None, sheet: str | None = None
) -> LinkedTables:
    """The true counts of the tables to publish, from one file and a second one that assigns labels to groups."""
    more = LabelSources((read(members, sheet),)) if members is not None else LabelSources()
    cells = read_cells(read(path, sheet), table_file, more, count=count)
    return cells.tables(shape_of(cells.dimensions, table_file.tables, table_file.place))


def _is_tabulated(sheet: Sheet, table_file: TableFile) -> bool:
    columns = [name for name in table_file.dimensions if name in sheet.columns]
    return any(TOTAL in labels for _, labels in sheet.values(columns))


def _labelled(sheet: Sheet, count: str, table_file: TableFile) -> list[str]:
    """The columns of labels of tabulated tables: each must be in some table, or its cells would be ambiguous."""
    columns = [name for name in sheet.columns if name not in (count, "status")]
    for name in columns:
        if table_file.dimension(name) not in table_file.dimensions:
            raise InvalidInput(
                f"{sheet.place}, row 1: no table of {table_file.place} uses the column {name!r}. A"
                " file with totals contains complete tables. Add a table with this column, or remove the column and"
                " its rows."
            )
    return columns


def _counts(sheet: Sheet, count: str) -> list[int]:
    place = sheet.columns.index(count)
    return [count_of(row.cells[place], sheet.at(row, count)) for row in sheet.rows]


def _refuse_hidden_groups(sheet: Sheet, table_file: TableFile) -> None:
    """A dimension that groups another is a level of it: as two dimensions, the sums between their tables would be
    missed.
    """
    plain = [name for name in table_file.dimensions if name not in table_file.hierarchies]
    combinations = {labels for _, labels in sheet.values(plain)}
    for (first, fine), (second, coarse) in permutations(enumerate(plain), 2):
        pairs = {(labels[first], labels[second]) for labels in combinations}
        below, above = ({labels[at] for labels in pairs} for at in (0, 1))
        if len(pairs) == len(below) >= len(above) > 1:
            raise InvalidInput(
                f"{table_file.place}: in {sheet.place} every label of {fine} belongs to one of {coarse}, so"
                f' attackers can add these up. Write {fine} = ["{coarse}", "{fine}"] under [hierarchies]; or'
                f' {fine} = ["{fine}"], if that is a coincidence.'
            )


def _refuse_twice(sheet: Sheet, columns: Sequence[str]) -> None:
    first_rows: dict[tuple[str, ...], int] = {}
    places = [sheet.columns.index(name) for name in columns]
    for row in sheet.rows:
        labels = tuple(row.cells[place] for place in places)
        first_row = first_rows.setdefault(labels, row.number)
        if first_row != row.number:
            raise InvalidInput(
                f"{sheet.place}, row {row.number}: the cell {' / '.join(labels)} is already in row {first_row}."
                " Add the two rows together, or remove one."
            )


def _labels(sheet: Sheet, dimension: Dimension, *, tabulated: bool) -> list[str]:
    column = column_of(sheet, dimension) or dimension.name
    labels = []
    for row, (label,) in sheet.values([column]):
        refuse_unknown(sheet, row, column, label, dimension)
        if not tabulated and label not in dimension.categories:
            raise InvalidInput(f"{sheet.at(row, column)}: {label!r} is a group. Give the finest label in every row.")
        labels.append(label)
    return labels

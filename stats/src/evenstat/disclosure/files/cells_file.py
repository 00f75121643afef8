"""True counts out of a file: of inner cells, or of tables that are made up already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from evenstat.disclosure.files.members import Sources, column_of, dimensions, refuse_unknown
from evenstat.disclosure.files.reading import read
from evenstat.disclosure.files.shape import shape_of
from evenstat.disclosure.files.sheet import Sheet, count_of
from evenstat.disclosure.files.table_file import TableFile
from evenstat.disclosure.tables import (
    TOTAL,
    Dimension,
    Key,
    Layout,
    LinkedTables,
    Records,
    Tabulated,
    Truth,
    from_records,
    from_tabulated,
)
from evenstat.errors import EvenstatError, InvalidInput


@dataclass(frozen=True, eq=False)
class Cells:
    """The counts of a file. Of inner cells `labels` has the category of every row; of tables made up already, with
    totals in them, the codes."""

    sheet: Sheet
    dimensions: tuple[Dimension, ...]
    labels: Mapping[str, Sequence[str]]
    counts: tuple[int, ...]
    made_up: bool

    def tables(self, shape: Layout) -> LinkedTables:
        """The true counts of these tables. Raises InvalidInput or InvalidCount where the file does not give them."""
        try:
            if not self.made_up:
                return from_records(shape, self.labels, self.counts)
            return from_tabulated(shape, self._by_key(shape))
        except EvenstatError as error:
            raise type(error)(f"{self.sheet.place}: {error}") from error

    def truth(self, shape: Layout) -> Truth:
        """What answers for the counts of other tables too, as far as these follow from the tables of the layout."""
        if not self.made_up:
            return Records(self.labels, self.counts)
        return Tabulated([self.tables(shape)])

    def _by_key(self, shape: Layout) -> dict[Key, int]:
        columns = [self.labels[name] for name in shape.names]
        return dict(zip(zip(*columns, strict=True), self.counts, strict=True))


def read_cells(sheet: Sheet, wanted: TableFile, sources: Sources, *, count: str = "n") -> Cells:
    """The counts of a sheet; totals anywhere in it say that it holds tables that are made up already.

    Args:
        sheet: one row for each cell, one column for each dimension, and one of counts.
        wanted: the tables to publish.
        sources: the other files that name labels, this one left out.
        count: the name of the column of counts.

    Raises:
        InvalidInput: a column is missing, a cell is there twice, or a count cannot be read; with its row.
    """
    sheet.need([count], "holds the counts")
    if count in wanted.dimensions:
        raise InvalidInput(f"{wanted.place}: {count!r} is the column of counts and no dimension. Mend --count.")
    made_up = _made_up(sheet, wanted)
    if not made_up:
        sheet.need(wanted.dimensions, f"{wanted.place} names")
    own = Sources((), (sheet.only(_labelled(sheet, count, wanted)),)) if made_up else Sources((sheet,), ())
    known = dimensions(wanted, Sources((*own.plain, *sources.plain), (*own.mixed, *sources.mixed)))
    counts = tuple(_counts(sheet, count))
    _refuse_twice(sheet, [name for name in sheet.columns if name != count])
    if not made_up:
        _refuse_hidden_groups(sheet, wanted)
    labels = {each.name: _labels(sheet, each, made_up=made_up) for each in known if column_of(sheet, each)}
    return Cells(sheet, known, labels, counts, made_up)


def read_tables(
    path: Path, wanted: TableFile, *, count: str = "n", members: Path | None = None, sheet: str | None = None
) -> LinkedTables:
    """The true counts of the tables to publish, out of one file, and a second that says who belongs to which group."""
    more = Sources((read(members, sheet),)) if members is not None else Sources()
    cells = read_cells(read(path, sheet), wanted, more, count=count)
    return cells.tables(shape_of(cells.dimensions, wanted.tables, wanted.place))


def _made_up(sheet: Sheet, wanted: TableFile) -> bool:
    columns = [name for name in wanted.dimensions if name in sheet.columns]
    return any(TOTAL in labels for _, labels in sheet.values(columns))


def _labelled(sheet: Sheet, count: str, wanted: TableFile) -> list[str]:
    """The columns of labels of tables made up already: each must be in some table, or its cells mean something else."""
    columns = [name for name in sheet.columns if name not in (count, "status")]
    for name in columns:
        if wanted.dimension(name) not in wanted.dimensions:
            raise InvalidInput(
                f"{sheet.place}, row 1: no table of {wanted.place} uses the column {name!r}. Where totals stand in a"
                " file it holds tables made up already: name a table with this column, or take it and its rows out."
            )
    return columns


def _counts(sheet: Sheet, count: str) -> list[int]:
    place = sheet.columns.index(count)
    return [count_of(row.cells[place], sheet.at(row, count)) for row in sheet.rows]


def _refuse_hidden_groups(sheet: Sheet, wanted: TableFile) -> None:
    """A dimension that groups another is a level of it: taken for two, what ties their tables would not be seen."""
    plain = [name for name in wanted.dimensions if name not in wanted.hierarchies]
    met = {labels for _, labels in sheet.values(plain)}
    for (one, fine), (other, coarse) in permutations(enumerate(plain), 2):
        pairs = {(labels[one], labels[other]) for labels in met}
        below, above = ({labels[at] for labels in pairs} for at in (0, 1))
        if len(pairs) == len(below) >= len(above) > 1:
            raise InvalidInput(
                f"{wanted.place}: in {sheet.place} every label of {fine} belongs to one of {coarse}, and readers can"
                f' add these up. Write {fine} = ["{coarse}", "{fine}"] under [hierarchies]; or'
                f' {fine} = ["{fine}"], if that is chance.'
            )


def _refuse_twice(sheet: Sheet, columns: Sequence[str]) -> None:
    first: dict[tuple[str, ...], int] = {}
    places = [sheet.columns.index(name) for name in columns]
    for row in sheet.rows:
        labels = tuple(row.cells[place] for place in places)
        known = first.setdefault(labels, row.number)
        if known != row.number:
            raise InvalidInput(
                f"{sheet.place}, row {row.number}: the cell {' / '.join(labels)} is in row {known} already. Add the two"
                " rows up, or take one out."
            )


def _labels(sheet: Sheet, dimension: Dimension, *, made_up: bool) -> list[str]:
    column = column_of(sheet, dimension) or dimension.name
    found = []
    for row, (label,) in sheet.values([column]):
        refuse_unknown(sheet, row, column, label, dimension)
        if not made_up and label not in dimension.categories:
            raise InvalidInput(f"{sheet.at(row, column)}: {label!r} is a group. Give the finest label in every row.")
        found.append(label)
    return found

"""The layout of tables defined in a file, with a check on its size."""

from collections.abc import Sequence
from difflib import get_close_matches
from math import prod

from evenstat.disclosure.tables import Dimension, Layout, layout
from evenstat.disclosure.tables.layout import Table
from evenstat.errors import InvalidInput

MAX_CELLS = 500_000


def shape_of(dimensions: Sequence[Dimension], tables: Sequence[Table], place: str) -> Layout:
    """The layout of the tables.

    Raises:
        InvalidInput: a table names something that is not a dimension or level, or the tables have too many cells.
    """
    owner = {level: dimension for dimension in dimensions for level in dimension.levels}
    for number, table in enumerate(tables, 1):
        for name in table:
            if name not in owner:
                matches = get_close_matches(name, owner, n=1)
                hint = f" Did you mean {matches[0]!r}?" if matches else ""
                raise InvalidInput(f"{place}, table {number}: {name!r} is not a dimension or level.{hint}")
    size = sum(prod(len(owner[name].down_to(name)) for name in table) for table in tables)
    if size > MAX_CELLS:
        raise InvalidInput(
            f"{place}: these tables have {size:,} cells; the maximum is {MAX_CELLS:,}. Use fewer dimensions in one"
            " table, or stop at a coarser level."
        )
    return layout(dimensions, tables)

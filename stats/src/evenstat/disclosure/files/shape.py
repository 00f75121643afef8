"""The cells of tables that a file names, refused before they fill the memory."""

from collections.abc import Sequence
from difflib import get_close_matches
from math import prod

from evenstat.disclosure.tables import Dimension, Layout, layout
from evenstat.disclosure.tables.layout import Table
from evenstat.errors import InvalidInput

MOST_CELLS = 500_000


def shape_of(dimensions: Sequence[Dimension], tables: Sequence[Table], place: str) -> Layout:
    """The layout of the tables.

    Raises:
        InvalidInput: a table names what is no dimension or level, or all of them together have too many cells.
    """
    owner = {level: each for each in dimensions for level in each.levels}
    for number, table in enumerate(tables, 1):
        for name in table:
            if name not in owner:
                near = get_close_matches(name, owner, n=1)
                hint = f" Did you mean {near[0]!r}?" if near else ""
                raise InvalidInput(f"{place}, table {number}: {name!r} is no dimension or level.{hint}")
    size = sum(prod(len(owner[name].down_to(name)) for name in table) for table in tables)
    if size > MOST_CELLS:
        raise InvalidInput(
            f"{place}: these tables have {size:,} cells, and {MOST_CELLS:,} are the most. Name fewer dimensions in one"
            " table, or stop at a coarser level."
        )
    return layout(dimensions, tables)

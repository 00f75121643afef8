"""Sets of linked tables: dimensions, cells, sums, true counts and publications. Nothing is suppressed here."""

from evenstat.disclosure.tables.combining import CombinedLayout, combine, combine_layouts, known_figures
from evenstat.disclosure.tables.counts import (
    NO_LIMIT,
    Flags,
    LinkedTables,
    Publication,
    from_records,
    from_tabulated,
    suppress_cells,
)
from evenstat.disclosure.tables.dimensions import TOTAL, Dimension, Rollup, flat, nested
from evenstat.disclosure.tables.layout import Integers, Key, Layout, layout, summed
from evenstat.disclosure.tables.membership import CellParts, cells_of_records
from evenstat.disclosure.tables.records import Records, Tabulated, TrueCounts

__all__ = [
    "NO_LIMIT",
    "TOTAL",
    "CellParts",
    "CombinedLayout",
    "Dimension",
    "Flags",
    "Integers",
    "Key",
    "Layout",
    "LinkedTables",
    "Publication",
    "Records",
    "Rollup",
    "Tabulated",
    "TrueCounts",
    "cells_of_records",
    "combine",
    "combine_layouts",
    "flat",
    "from_records",
    "from_tabulated",
    "known_figures",
    "layout",
    "nested",
    "summed",
    "suppress_cells",
]

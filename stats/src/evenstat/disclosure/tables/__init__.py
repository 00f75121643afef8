"""Sets of linked tables: dimensions, cells, sums, true counts and what is published. Nothing is hidden here."""

from evenstat.disclosure.tables.counts import (
    NO_LIMIT,
    Flags,
    LinkedTables,
    Publication,
    from_records,
    from_tabulated,
    suppressed,
)
from evenstat.disclosure.tables.dimensions import TOTAL, Dimension, Rollup, flat, nested
from evenstat.disclosure.tables.layout import Integers, Key, Layout, layout

__all__ = [
    "NO_LIMIT",
    "TOTAL",
    "Dimension",
    "Flags",
    "Integers",
    "Key",
    "Layout",
    "LinkedTables",
    "Publication",
    "Rollup",
    "flat",
    "from_records",
    "from_tabulated",
    "layout",
    "nested",
    "suppressed",
]

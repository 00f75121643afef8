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
from evenstat.disclosure.tables.joining import Joined, join_shapes, joined, known
from evenstat.disclosure.tables.layout import Integers, Key, Layout, layout, summed
from evenstat.disclosure.tables.membership import Parts, holding
from evenstat.disclosure.tables.records import Records, Tabulated, Truth

__all__ = [
    "NO_LIMIT",
    "TOTAL",
    "Dimension",
    "Flags",
    "Integers",
    "Joined",
    "Key",
    "Layout",
    "LinkedTables",
    "Parts",
    "Publication",
    "Records",
    "Rollup",
    "Tabulated",
    "Truth",
    "flat",
    "from_records",
    "from_tabulated",
    "holding",
    "join_shapes",
    "joined",
    "known",
    "layout",
    "nested",
    "summed",
    "suppressed",
]

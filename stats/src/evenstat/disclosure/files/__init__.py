"""Linked tables in files: reads counts, table definitions and releases, and writes releases and intervals, as CSV or
XLSX.

No statistics are calculated here.
"""

from evenstat.disclosure.files.cells_file import CellCounts, read_cells, read_tables
from evenstat.disclosure.files.file_io import read, refuse_to_overwrite, write
from evenstat.disclosure.files.interval_file import CellInterval, interval_rows, intervals
from evenstat.disclosure.files.members import LabelSources, dimensions
from evenstat.disclosure.files.release_file import (
    CellStatus,
    public_rows,
    read_cell_list,
    read_release,
    read_rounded,
    release_rows,
    rounded_rows,
)
from evenstat.disclosure.files.sheet import Sheet, did_you_mean
from evenstat.disclosure.files.table_file import TableFile, read_table_file
from evenstat.disclosure.files.table_layout import shape_of

__all__ = [
    "CellCounts",
    "CellInterval",
    "CellStatus",
    "LabelSources",
    "Sheet",
    "TableFile",
    "did_you_mean",
    "dimensions",
    "interval_rows",
    "intervals",
    "public_rows",
    "read",
    "read_cell_list",
    "read_cells",
    "read_release",
    "read_rounded",
    "read_table_file",
    "read_tables",
    "refuse_to_overwrite",
    "release_rows",
    "rounded_rows",
    "shape_of",
    "write",
]

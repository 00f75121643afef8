"""Linked tables in files: counts, names of tables and releases in, CSV or XLSX; releases and intervals out.

What is worked out of them is worked out elsewhere.
"""

from evenstat.disclosure.files.cells_file import Cells, read_cells, read_tables
from evenstat.disclosure.files.interval_file import Interval, interval_rows, intervals
from evenstat.disclosure.files.members import Sources, dimensions
from evenstat.disclosure.files.reading import read, refuse_to_overwrite, write
from evenstat.disclosure.files.release_file import (
    Status,
    public_rows,
    read_forced,
    read_release,
    read_rounded,
    release_rows,
    rounded_rows,
)
from evenstat.disclosure.files.shape import shape_of
from evenstat.disclosure.files.sheet import Sheet, meant
from evenstat.disclosure.files.table_file import TableFile, read_table_file

__all__ = [
    "Cells",
    "Interval",
    "Sheet",
    "Sources",
    "Status",
    "TableFile",
    "dimensions",
    "interval_rows",
    "intervals",
    "meant",
    "public_rows",
    "read",
    "read_cells",
    "read_forced",
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

"""Recoding: fewer and larger groups before suppression. Possible changes, and the cost of each."""

from evenstat.disclosure.recoding.changes import (
    CoarserLevel,
    DropDimension,
    DropTable,
    MergeCodes,
    Recoding,
    RecodingChange,
    published_tables,
    recode,
)
from evenstat.disclosure.recoding.comparison import Comparison, ComparisonRow, compare
from evenstat.disclosure.recoding.information import bits
from evenstat.disclosure.recoding.merging import merges
from evenstat.disclosure.recoding.proposals import Proposal, RecodingCost, changes, proposals

__all__ = [
    "CoarserLevel",
    "Comparison",
    "ComparisonRow",
    "DropDimension",
    "DropTable",
    "MergeCodes",
    "Proposal",
    "Recoding",
    "RecodingChange",
    "RecodingCost",
    "bits",
    "changes",
    "compare",
    "merges",
    "proposals",
    "published_tables",
    "recode",
]

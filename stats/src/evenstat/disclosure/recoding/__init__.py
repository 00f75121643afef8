"""Fewer and larger groups before anything is hidden: what could be merged, and what each choice would cost."""

from evenstat.disclosure.recoding.changes import Change, Coarser, Drop, Merge, Recoding, Without, published, recode
from evenstat.disclosure.recoding.comparison import Comparison, Row, compare
from evenstat.disclosure.recoding.information import bits
from evenstat.disclosure.recoding.merging import merges
from evenstat.disclosure.recoding.proposals import Cost, Proposal, changes, proposals

__all__ = [
    "Change",
    "Coarser",
    "Comparison",
    "Cost",
    "Drop",
    "Merge",
    "Proposal",
    "Recoding",
    "Row",
    "Without",
    "bits",
    "changes",
    "compare",
    "merges",
    "proposals",
    "published",
    "recode",
]

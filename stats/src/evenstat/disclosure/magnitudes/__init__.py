"""Figures that are no counts: sums of amounts and what is worked out from them. How they are hidden is in `hiding`."""

from evenstat.disclosure.magnitudes.amounts import Amounts, amounts
from evenstat.disclosure.magnitudes.protect_sums import AmountPattern, protect_sums
from evenstat.disclosure.magnitudes.shown import averages, gap_percent, medians, percentage
from evenstat.disclosure.magnitudes.unsafe import rises, unsafe_sums

__all__ = [
    "AmountPattern",
    "Amounts",
    "amounts",
    "averages",
    "gap_percent",
    "medians",
    "percentage",
    "protect_sums",
    "rises",
    "unsafe_sums",
]

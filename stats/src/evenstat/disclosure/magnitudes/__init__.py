"""Magnitude tables: sums of amounts, and figures derived from them. The suppression search is in `suppression`."""

from evenstat.disclosure.magnitudes.amounts import Amounts, amounts
from evenstat.disclosure.magnitudes.derived_figures import averages, gap_percent, medians, percentage
from evenstat.disclosure.magnitudes.primary import primary_sums, upper_protection_levels
from evenstat.disclosure.magnitudes.protect_sums import AmountPattern, protect_sums

__all__ = [
    "AmountPattern",
    "Amounts",
    "amounts",
    "averages",
    "gap_percent",
    "medians",
    "percentage",
    "primary_sums",
    "protect_sums",
    "upper_protection_levels",
]

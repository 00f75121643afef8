"""Secondary cell suppression in linked tables, at the smallest loss found. `auditing` checks the result separately."""

from evenstat.disclosure.suppression.bound import LowerBound, lower_bound
from evenstat.disclosure.suppression.primary import primary_cells
from evenstat.disclosure.suppression.protect import BUDGET, Pattern, SuppressionLoss, Weight, never_stop, protect

__all__ = [
    "BUDGET",
    "LowerBound",
    "Pattern",
    "SuppressionLoss",
    "Weight",
    "lower_bound",
    "never_stop",
    "primary_cells",
    "protect",
]

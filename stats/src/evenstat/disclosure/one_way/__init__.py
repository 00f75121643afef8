"""Tables of one dimension with two groups (people who answered, people with no answer) and their total.

Small enough to withstand more than linked tables can: a reader who runs this program on every table that fits what is
published. No shares are worked out here.
"""

from evenstat.disclosure.one_way._audit import Audit, Bound, audit
from evenstat.disclosure.one_way._loss import Loss, loss
from evenstat.disclosure.one_way._protect import protect
from evenstat.disclosure.one_way._tables import Cell, CountTable, ProtectedCell, ProtectedTable

__all__ = [
    "Audit",
    "Bound",
    "Cell",
    "CountTable",
    "Loss",
    "ProtectedCell",
    "ProtectedTable",
    "audit",
    "loss",
    "protect",
]

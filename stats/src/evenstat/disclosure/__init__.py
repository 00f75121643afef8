"""Making counts safe to publish: policies, tables, hiding and its check.

Today: one-way tables of two groups (people who answered, people with no answer) and their total. Linked
tables, rounding and successive releases will stand behind the same names. No shares are worked out here.
"""

from evenstat.disclosure._audit import Audit, Bound, audit
from evenstat.disclosure._loss import Loss, loss
from evenstat.disclosure._policies import POLICIES, Policy, policy
from evenstat.disclosure._protect import protect
from evenstat.disclosure._tables import Cell, CountTable, ProtectedCell, ProtectedTable

__all__ = [
    "POLICIES",
    "Audit",
    "Bound",
    "Cell",
    "CountTable",
    "Loss",
    "Policy",
    "ProtectedCell",
    "ProtectedTable",
    "audit",
    "loss",
    "policy",
    "protect",
]

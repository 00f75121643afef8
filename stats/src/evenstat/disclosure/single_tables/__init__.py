"""Single tables of one dimension with two groups (people who answered, people with no answer) and their total.

These are small enough to protect against a stronger attacker than linked tables: one who runs this program on every
table that fits the publication. Shares are not calculated here.
"""

from evenstat.disclosure.single_tables._audit import AuditMethod, CellBounds, TableAudit, audit
from evenstat.disclosure.single_tables._loss import TableLoss, loss
from evenstat.disclosure.single_tables._protect import protect
from evenstat.disclosure.single_tables._tables import Cell, CountTable, ProtectedCell, ProtectedTable

__all__ = [
    "AuditMethod",
    "Cell",
    "CellBounds",
    "CountTable",
    "ProtectedCell",
    "ProtectedTable",
    "TableAudit",
    "TableLoss",
    "audit",
    "loss",
    "protect",
]

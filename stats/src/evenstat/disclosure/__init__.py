"""Making figures safe to publish: policies, linked tables, hiding, rounding, and the audit that trusts none of it.

No shares are worked out here, and no file is read but in `files`.
"""

from evenstat.disclosure.auditing import Audited, Statement, audit
from evenstat.disclosure.hiding import Loss, Pattern, Weight, protect
from evenstat.disclosure.policies import POLICIES, Attacker, Dominance, Guarantee, Method, Policy, policy
from evenstat.disclosure.tables import (
    NO_LIMIT,
    TOTAL,
    Dimension,
    Layout,
    LinkedTables,
    Publication,
    flat,
    from_records,
    from_tabulated,
    layout,
    nested,
    suppressed,
)

__all__ = [
    "NO_LIMIT",
    "POLICIES",
    "TOTAL",
    "Attacker",
    "Audited",
    "Dimension",
    "Dominance",
    "Guarantee",
    "Layout",
    "LinkedTables",
    "Loss",
    "Method",
    "Pattern",
    "Policy",
    "Publication",
    "Statement",
    "Weight",
    "audit",
    "flat",
    "from_records",
    "from_tabulated",
    "layout",
    "nested",
    "policy",
    "protect",
    "suppressed",
]

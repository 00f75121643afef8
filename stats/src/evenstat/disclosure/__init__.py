"""Making figures safe to publish: policies, linked tables, hiding, rounding, and the audit that trusts none of it.

No shares are worked out here, and no file is read but in `files`.
"""

from evenstat.disclosure.auditing import Audited, Statement, audit
from evenstat.disclosure.hiding import Bound, Loss, Pattern, Weight, bound, protect
from evenstat.disclosure.magnitudes import AmountPattern, Amounts, amounts, protect_sums
from evenstat.disclosure.policies import (
    HIDING,
    POLICIES,
    Attacker,
    Dominance,
    Guarantee,
    Method,
    Policy,
    Remedy,
    Ties,
    policy,
)
from evenstat.disclosure.recoding import compare, proposals
from evenstat.disclosure.rounding import Rounded, record_keys, rounded
from evenstat.disclosure.successive import can_also_publish, exposures, protect_next
from evenstat.disclosure.tables import (
    NO_LIMIT,
    TOTAL,
    Dimension,
    Layout,
    LinkedTables,
    Publication,
    Records,
    flat,
    from_records,
    from_tabulated,
    joined,
    known,
    layout,
    nested,
    suppressed,
)

__all__ = [
    "HIDING",
    "NO_LIMIT",
    "POLICIES",
    "TOTAL",
    "AmountPattern",
    "Amounts",
    "Attacker",
    "Audited",
    "Bound",
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
    "Records",
    "Remedy",
    "Rounded",
    "Statement",
    "Ties",
    "Weight",
    "amounts",
    "audit",
    "bound",
    "can_also_publish",
    "compare",
    "exposures",
    "flat",
    "from_records",
    "from_tabulated",
    "joined",
    "known",
    "layout",
    "nested",
    "policy",
    "proposals",
    "protect",
    "protect_next",
    "protect_sums",
    "record_keys",
    "rounded",
    "suppressed",
]

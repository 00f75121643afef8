"""Statistical disclosure control: policies, linked tables, suppression, rounding, and an independent audit.

Shares are not calculated here. Only `files` reads files.
"""

from evenstat.disclosure.auditing import DisclosureAudit, Statement, audit
from evenstat.disclosure.magnitudes import AmountPattern, Amounts, amounts, protect_sums
from evenstat.disclosure.policies import (
    POLICIES,
    SUPPRESSION_POLICIES,
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
from evenstat.disclosure.rounding import RoundedTables, record_keys, round_tables
from evenstat.disclosure.successive_releases import can_also_publish, mover_disclosures, protect_next
from evenstat.disclosure.suppression import LowerBound, Pattern, SuppressionLoss, Weight, lower_bound, protect
from evenstat.disclosure.tables import (
    NO_LIMIT,
    TOTAL,
    Dimension,
    Layout,
    LinkedTables,
    Publication,
    Records,
    combine,
    flat,
    from_records,
    from_tabulated,
    known_figures,
    layout,
    nested,
    suppress_cells,
)

__all__ = [
    "NO_LIMIT",
    "POLICIES",
    "SUPPRESSION_POLICIES",
    "TOTAL",
    "AmountPattern",
    "Amounts",
    "Attacker",
    "Dimension",
    "DisclosureAudit",
    "Dominance",
    "Guarantee",
    "Layout",
    "LinkedTables",
    "LowerBound",
    "Method",
    "Pattern",
    "Policy",
    "Publication",
    "Records",
    "Remedy",
    "RoundedTables",
    "Statement",
    "SuppressionLoss",
    "Ties",
    "Weight",
    "amounts",
    "audit",
    "can_also_publish",
    "combine",
    "compare",
    "flat",
    "from_records",
    "from_tabulated",
    "known_figures",
    "layout",
    "lower_bound",
    "mover_disclosures",
    "nested",
    "policy",
    "proposals",
    "protect",
    "protect_next",
    "protect_sums",
    "record_keys",
    "round_tables",
    "suppress_cells",
]

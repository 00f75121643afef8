"""What attackers can derive from a publication. It shares the definitions of tables with protection, and no other
code.
"""

from evenstat.disclosure.auditing.audit import NO_UPPER_BOUND, DisclosureAudit, audit
from evenstat.disclosure.auditing.averages import average, average_as_sum, averages_of_parts, gap
from evenstat.disclosure.auditing.constraint_system import Statement
from evenstat.disclosure.auditing.ratios import DisclosingFigure, Ratio, disclosing_figures, percentage
from evenstat.disclosure.auditing.rounding_ranges import counts_marked, counts_printed_as

__all__ = [
    "NO_UPPER_BOUND",
    "DisclosingFigure",
    "DisclosureAudit",
    "Ratio",
    "Statement",
    "audit",
    "average",
    "average_as_sum",
    "averages_of_parts",
    "counts_marked",
    "counts_printed_as",
    "disclosing_figures",
    "gap",
    "percentage",
]

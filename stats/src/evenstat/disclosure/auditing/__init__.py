"""What a reader can work out. It shares the definitions of tables with what protects them, and no other code."""

from evenstat.disclosure.auditing.audit import NO_MOST, Audited, audit
from evenstat.disclosure.auditing.averages import average, average_as_sum, averages_of_parts, gap
from evenstat.disclosure.auditing.facts import Statement
from evenstat.disclosure.auditing.figures import Given, Ratio, giveaways, percentage
from evenstat.disclosure.auditing.roundings import counts_marked, counts_printed_as

__all__ = [
    "NO_MOST",
    "Audited",
    "Given",
    "Ratio",
    "Statement",
    "audit",
    "average",
    "average_as_sum",
    "averages_of_parts",
    "counts_marked",
    "counts_printed_as",
    "gap",
    "giveaways",
    "percentage",
]

"""What a reader can work out. It shares the definitions of tables with what protects them, and no other code."""

from evenstat.disclosure.auditing.audit import NO_MOST, Audited, audit
from evenstat.disclosure.auditing.facts import Statement

__all__ = ["NO_MOST", "Audited", "Statement", "audit"]

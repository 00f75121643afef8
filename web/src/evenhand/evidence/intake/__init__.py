"""Reading files of counts: whole or not at all, and every fault named by its row and column. No database here."""

from evenhand.evidence.intake.council_workforce import CategoryCount, WorkforceRow, read_workforce
from evenhand.evidence.intake.faults import Fault, FileRefused
from evenhand.evidence.intake.source import ComparabilityDeclared, SourceDescription, read_source

__all__ = [
    "CategoryCount",
    "ComparabilityDeclared",
    "Fault",
    "FileRefused",
    "SourceDescription",
    "WorkforceRow",
    "read_source",
    "read_workforce",
]

"""Reads files of counts without using the database. A file with any error is rejected as a whole, and every error is
reported with its row and column.
"""

from evenhand.evidence.intake.council_workforce import CategoryCount, WorkforceRow, read_workforce
from evenhand.evidence.intake.errors import ImportFileError, ImportProblem
from evenhand.evidence.intake.source import ComparabilityDeclaration, SourceDescription, read_source

__all__ = [
    "CategoryCount",
    "ComparabilityDeclaration",
    "ImportFileError",
    "ImportProblem",
    "SourceDescription",
    "WorkforceRow",
    "read_source",
    "read_workforce",
]

"""Comparisons with a benchmark: representation, and whether the two populations can be compared."""

from evenstat.measures._comparability import (
    Comparability,
    ComparabilityAnswer,
    ComparabilityReason,
    ComparisonBasis,
    NonResponse,
    ReasonCode,
    comparability,
)
from evenstat.measures._representation import Representation, representation

__all__ = [
    "Comparability",
    "ComparabilityAnswer",
    "ComparabilityReason",
    "ComparisonBasis",
    "NonResponse",
    "ReasonCode",
    "Representation",
    "comparability",
    "representation",
]

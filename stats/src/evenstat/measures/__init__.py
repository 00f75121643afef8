"""Comparisons with a benchmark: representation, and whether the two populations can be compared."""

from evenstat.measures._comparability import Comparability, ComparabilityAnswer, ComparisonBasis, comparability
from evenstat.measures._representation import Representation, representation

__all__ = [
    "Comparability",
    "ComparabilityAnswer",
    "ComparisonBasis",
    "Representation",
    "comparability",
    "representation",
]

"""What a figure says beside another: representation, and whether two figures may be compared at all."""

from evenstat.measures._comparability import Answer, Basis, Comparability, comparability
from evenstat.measures._representation import Representation, representation

__all__ = ["Answer", "Basis", "Comparability", "Representation", "comparability", "representation"]

"""Gates: requirements that must be met before a transition. One app declares them and others check them."""

from evenhand.gates.registry import (
    GateClosed,
    UnmetRequirement,
    missing,
    require,
    requirements_of,
    transitions,
)

__all__ = [
    "GateClosed",
    "UnmetRequirement",
    "missing",
    "require",
    "requirements_of",
    "transitions",
]

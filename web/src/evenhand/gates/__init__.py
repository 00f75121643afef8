"""Gates: what must be done first. A transition declares what it needs; whoever knows the answer provides it."""

from evenhand.gates.registry import (
    GateClosed,
    Missing,
    declare,
    missing,
    provide,
    require,
    requirements_of,
    transitions,
)

__all__ = [
    "GateClosed",
    "Missing",
    "declare",
    "missing",
    "provide",
    "require",
    "requirements_of",
    "transitions",
]

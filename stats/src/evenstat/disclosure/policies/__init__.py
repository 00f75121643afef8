"""Named rules for what is too small or too telling to publish, and against whom it is kept, as data."""

from evenstat.disclosure.policies.named import HIDING, POLICIES, policy
from evenstat.disclosure.policies.rules import Attacker, Dominance, Guarantee, Method, Policy, Remedy, Ties

__all__ = [
    "HIDING",
    "POLICIES",
    "Attacker",
    "Dominance",
    "Guarantee",
    "Method",
    "Policy",
    "Remedy",
    "Ties",
    "policy",
]

"""Named policies: which counts are too small or too revealing to publish, and which attackers to protect against."""

from evenstat.disclosure.policies.named import POLICIES, SUPPRESSION_POLICIES, policy
from evenstat.disclosure.policies.rules import Attacker, Dominance, Guarantee, Method, Policy, Remedy, Ties

__all__ = [
    "POLICIES",
    "SUPPRESSION_POLICIES",
    "Attacker",
    "Dominance",
    "Guarantee",
    "Method",
    "Policy",
    "Remedy",
    "Ties",
    "policy",
]

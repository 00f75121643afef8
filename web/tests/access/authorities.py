from access.rules import SIGNED_IN, Rule

RULES = {"authorities:home": Rule("/work/", opens=SIGNED_IN)}

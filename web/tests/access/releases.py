from access.rules import Rule

RULES: dict[str, Rule] = {}

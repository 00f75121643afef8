from access import authorities, clock, evidence, ledger, operations, plans, privacy, public, releases, sign_in
from access.rules import Rule

RULES: dict[str, Rule] = {
    name: rule
    for table in (public, authorities, ledger, evidence, releases, plans, privacy, sign_in, clock, operations)
    for name, rule in table.RULES.items()
}

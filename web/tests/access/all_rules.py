from access import (
    action_plan,
    authorities,
    clock,
    evidence,
    ledger,
    operations,
    organisation,
    plans,
    privacy,
    public,
    releases,
    sign_in,
)
from access.rules import Rule

RULES: dict[str, Rule] = {
    name: rule
    for table in (
        public,
        authorities,
        ledger,
        evidence,
        releases,
        plans,
        privacy,
        sign_in,
        clock,
        organisation,
        action_plan,
        operations,
    )
    for name, rule in table.RULES.items()
}

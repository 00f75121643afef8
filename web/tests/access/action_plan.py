from access.registers import rules_of
from evenhand.authorities.enums import Role
from registers.actions import EXAMPLE

EDITORS = frozenset({Role.OFFICER, Role.APPROVER})
RULES = rules_of(EXAMPLE, "actions/", step="start", opens=EDITORS | {Role.VIEWER, Role.ANALYST}, edits=EDITORS)

from access.registers import rules_of
from evenhand.action_plan.permissions import EDIT_ACTIONS
from evenhand.authorities.enums import Role
from registers.actions import EXAMPLE

EDITORS = frozenset({Role.OFFICER, Role.APPROVER})
RULES = rules_of(EXAMPLE, "actions/", step="start", opens=EDITORS | {Role.VIEWER, Role.ANALYST}, edits=EDITORS)
KEEPS = {EDIT_ACTIONS}

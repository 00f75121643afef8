from access.registers import rules_of
from evenhand.authorities.enums import Role
from registers.posts import EXAMPLE

EDITORS = frozenset({Role.ADMINISTRATOR, Role.OFFICER})
RULES = rules_of(EXAMPLE, "posts/", step="end", opens=frozenset(Role), edits=EDITORS)

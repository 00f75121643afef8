from access.registers import rules_of
from evenhand.authorities.enums import Role
from evenhand.organisation.permissions import EDIT_POSTS
from registers.posts import EXAMPLE

EDITORS = frozenset({Role.ADMINISTRATOR, Role.OFFICER})
RULES = rules_of(EXAMPLE, "posts/", step="end", opens=frozenset(Role), edits=EDITORS)
KEEPS = {EDIT_POSTS}

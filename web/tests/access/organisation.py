from access.registers import rules_of
from evenhand.authorities.enums import Role
from registers.posts import EXAMPLE

ADMIN = frozenset({Role.ADMINISTRATOR})
RULES = rules_of(EXAMPLE, "posts/", step="end", opens=frozenset(Role), edits=ADMIN)

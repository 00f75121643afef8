"""Who may work on plans."""

from evenhand.authorities.enums import Role
from evenhand.modules import Permission

EDIT_PLAN = Permission("plans.edit_plan", "edit plans", roles=frozenset({Role.OFFICER}), ends_with_authority=True)
PUBLISH_PLAN = Permission(
    "plans.publish_plan", "publish plans", roles=frozenset({Role.APPROVER}), ends_with_authority=True
)

"""Who may write actions. Everyone who sees drafts reads them."""

from evenhand.authorities.enums import Role
from evenhand.modules import Permission

EDIT_ACTIONS = Permission(
    "action_plan.edit_actions",
    "write actions and say how they stand",
    roles=frozenset({Role.OFFICER, Role.APPROVER}),
    ends_with_authority=True,
)

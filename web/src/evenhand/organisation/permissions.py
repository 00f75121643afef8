"""Who may keep the list of posts. All staff see it."""

from evenhand.authorities.enums import Role
from evenhand.modules import Permission

EDIT_POSTS = Permission(
    "organisation.edit_posts",
    "keep the list of posts and who holds them",
    roles=frozenset({Role.OFFICER, Role.ADMINISTRATOR}),
    ends_with_authority=True,
)

from evenhand.authorities.enums import Role
from evenhand.organisation.posts import POSTS
from registers.examples import RegisterExample

EDITORS = frozenset({Role.ADMINISTRATOR, Role.OFFICER})

EXAMPLE = RegisterExample(
    register=POSTS,
    values=lambda _authority: {"title": "Head of people"},
    text="title",
    other=("contact_name", "Pat Somebody"),
    editors=EDITORS,
    readers=frozenset(Role),
    steps={"current": frozenset({"end"}), "ended": frozenset()},
    roles={"end": EDITORS},
    personal={"contact_name": "Pat Personal", "contact_email": "pat.personal@anywhere.example"},
)

"""The entries of the access tables.

    RULES = {
        "authorities:people": Rule("/work/{authority}/people/", opens=frozenset({ADMINISTRATOR})),
        "public:home": Rule("/", opens=ANYONE),
    }

`opens` says who can open the page: ANYONE, SIGNED_IN, or people with these roles at the authority in the address.
`posts` says who can submit a form to it. By default nobody can. Staff of the authority with another role are refused
with the reason (403). For staff of other authorities, including its members and its parent, the address does not exist
(404). People who are not signed in are asked to sign in.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority

ANYONE = "anyone"
SIGNED_IN = "signed in"
ALL_ROLES = frozenset(Role)
KEPT: tuple[str, ...] = ()  # in FREE_TEXT: what was entered in the field is kept when the session has ended
Audience = str | frozenset[Role]


@dataclass(frozen=True)
class Rule:
    address: (
        str | Callable[[Authority], str]
    )  # {authority} is replaced by the slug; a callable creates the objects that it needs
    opens: Audience
    posts: Audience = frozenset()
    statuses: frozenset[int] = field(default_factory=lambda: frozenset({200}))  # for people who can open it
    elsewhere: int = 404  # the status for staff of another authority
    only_posts: bool = False  # a button: a GET returns 405 to people who may use it

    def at(self, authority: Authority) -> str:
        return self.address(authority) if callable(self.address) else self.address.format(authority=authority.slug)

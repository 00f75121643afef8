"""What a line of the access tables says.

    RULES = {
        "authorities:people": Rule("/work/{authority}/people/", opens=frozenset({ADMINISTRATOR})),
        "public:home": Rule("/", opens=ANYONE),
    }

`opens` is who gets the page: ANYONE, SIGNED_IN, or the roles at the authority that the address names. `posts` is who
may send a form to it; nobody, where it is left out. Whoever has another role there is refused with the reason (403);
for whoever works elsewhere, at a member body or at the body above included, the address does not exist (404); a
stranger is asked to sign in.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority

ANYONE = "anyone"
SIGNED_IN = "signed in"
ALL_ROLES = frozenset(Role)
Who = str | frozenset[Role]


@dataclass(frozen=True)
class Rule:
    address: str | Callable[[Authority], str]  # {authority} stands for the slug; a callable makes what it needs
    opens: Who
    posts: Who = frozenset()
    answers: frozenset[int] = field(default_factory=lambda: frozenset({200}))  # for those for whom it opens
    elsewhere: int = 404  # what someone of another authority gets, where the address names one
    only_posts: bool = False  # a button: opening it answers 405 to whoever may press it

    def at(self, authority: Authority) -> str:
        return self.address(authority) if callable(self.address) else self.address.format(authority=authority.slug)

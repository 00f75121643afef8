"""Who may answer requests about personal data."""

from evenhand.authorities.enums import Role
from evenhand.modules import Permission

ANSWER_REQUESTS = Permission(
    "privacy.answer_requests",
    "answer people's requests about their data",
    roles=frozenset({Role.ADMINISTRATOR}),
)

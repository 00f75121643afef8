"""The accounts of the demonstration: one invented person for each role at each invented authority.

All have the same pass phrase. It is generated once for each installation and stored next to its database, readable only
by its owner. It is printed for the people who run the demonstration, so that they can sign in as any of these people.
"""

import secrets

from django.conf import settings

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority
from evenhand.demonstration.bodies import EXAMPLE_AUTHORITY, EXAMPLE_COMBINED_AUTHORITY, POSTS
from evenhand.records.secret_file import read_or_create

ROLES = tuple(Role)
_CONSONANTS, _VOWELS = "bdfghjklmnprstvz", "aeiou"
_SYLLABLES_IN_A_WORD, _WORDS_IN_A_PHRASE = 2, 5


def email_of(role: Role, slug: str = EXAMPLE_AUTHORITY) -> str:
    return f"{role}@{slug}.example"


def name_of(role: Role, authority: Authority) -> str:
    """Their post, because an invented personal name might be somebody's."""
    return f"{POSTS[role]} of {authority}"


def pass_phrase() -> str:
    """Return the pass phrase of this installation, and generate it if there is none."""
    return read_or_create(
        settings.VAR / "demonstration_password", lambda: "-".join(_word() for _ in range(_WORDS_IN_A_PHRASE))
    )


def _word() -> str:
    return "".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(_SYLLABLES_IN_A_WORD))


def sign_in_details() -> str:
    """Return the accounts of one authority as text, or an empty string if no demonstration is loaded."""
    authority = Authority.objects.filter(slug=EXAMPLE_AUTHORITY, demonstration=True).first()
    if authority is None:
        return ""
    rows = "\n".join(f"  {role.label:<15} {email_of(role)}" for role in ROLES)
    return (
        f"You can sign in as any of these people at {authority}, one for each role:\n{rows}\n"
        f"The pass phrase of all accounts: {pass_phrase()}\n"
        "The combined authority that it is a member of has the same accounts, for example"
        f" {email_of(ROLES[0], EXAMPLE_COMBINED_AUTHORITY)}.\n"
        "Real authorities have no accounts here: they are shown only from what they have published."
    )

"""Who plays in the demonstration: one person for each role at each authority, and the pass phrase of them all.

The phrase is made once for each installation and kept beside its database, readable by its owner alone. It is no
secret of anybody's: whoever runs the demonstration is meant to sign in as any of the cast.
"""

import secrets

from django.conf import settings

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority
from evenhand.records.made_once import made_once

SHOWN = "calderdale-council"  # the authority whose cast is printed: it has figures
CAST = tuple(Role)
_CONSONANTS, _VOWELS = "bdfghjklmnprstvz", "aeiou"
_SYLLABLES, _WORDS = 2, 5


def email_of(role: Role, slug: str) -> str:
    return f"{role}@{slug}.example"


def name_of(role: Role, authority: Authority) -> str:
    return f"Example {role.label.lower()} of {authority}"


def pass_phrase() -> str:
    """That of this installation: the one that is kept, or a new one."""
    return made_once(settings.VAR / "demonstration_password", lambda: "-".join(_word() for _ in range(_WORDS)))


def _word() -> str:
    return "".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(_SYLLABLES))


def programme() -> str:
    """The cast of one authority, as it is printed; nothing where no demonstration is loaded."""
    shown = Authority.objects.filter(slug=SHOWN, demonstration=True).first()
    if shown is None:
        return ""
    rows = "\n".join(f"  {role.label:<15} {email_of(role, SHOWN)}" for role in CAST)
    return (
        f"Sign in as the staff of {shown}, an example with one person for each role:\n{rows}\n"
        f"Pass phrase of all of them: {pass_phrase()}\n"
        f"Every authority has the same cast: {CAST[0]}@ and its slug, as in {email_of(CAST[0], 'leeds-city-council')}."
    )

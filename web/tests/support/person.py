"""The person who has data in every model that is about people: support/person_everywhere.py creates it."""

from collections.abc import Callable
from typing import Any

from evenhand.authorities.models import Authority, User

NAME, EMAIL = "Zoë O'Featherstonehaugh", "zoe.featherstonehaugh@anywhere.example"
OTHER_EMAIL = "z.o'featherstonehaugh@home.example"
FREE_TEXT = f"{NAME} <{EMAIL}> is on leave"
SECRETS = ("totp-secret-of-zoe", "token-of-zoe", "digest-of-zoe", "confirmation-of-zoe", "session-of-zoe", "pbkdf2_zoe")
RowCreator = Callable[[User, User, Authority], Any]  # the person, a colleague, their authority


def not_created(user: User, colleague: User, authority: Authority) -> None:
    """For a model about what the person did, which is kept: these tests have no plan or figures to create it for."""

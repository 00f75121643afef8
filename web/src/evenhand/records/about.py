"""Whose data a row is, and what an erasure does to it. Every model with a personal field says so.

    about: ClassVar[str] = "user"                       the row stays: it names the person by a random id alone
    about: ClassVar[About] = About("email", goes=True)  the row goes with the person
    about: ClassVar[About] = About("giver", blanks=("reason",))   the row stays, what was written freely goes
    about: ClassVar[Nobody] = Nobody("a setting of the server")

A path leads over fields to a person, to the id of one, or to the e-mail address of one. What is held about somebody,
what an erasure removes and the record of processing all read this, so that they can't say three things.
"""

from dataclasses import dataclass

NAMES_NOBODY = "it names the person by a random id, which leads to nobody once the person is erased"


@dataclass(frozen=True)
class Nobody:
    """Why a model with personal fields is about no person that the system could name."""

    why: str


@dataclass(frozen=True, init=False)
class About:
    paths: tuple[str, ...]
    goes: bool
    blanks: tuple[str, ...]  # text written freely, which may say anything about the person
    why: str  # why it stays; or how its rows are found, where no field leads to the person

    def __init__(self, *paths: str, goes: bool = False, blanks: tuple[str, ...] = (), why: str = "") -> None:
        object.__setattr__(self, "paths", paths)
        object.__setattr__(self, "goes", goes)
        object.__setattr__(self, "blanks", blanks)
        object.__setattr__(self, "why", why or ("" if goes else NAMES_NOBODY))

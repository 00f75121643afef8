"""Whose personal data a row holds, and what an erasure does to it. Every model with a personal field declares it.

    data_subject: ClassVar[str] = "user"    the row is kept: it identifies the person only by a random id
    data_subject: ClassVar[DataSubject] = DataSubject("email", erased=True)    the row is deleted with the person
    data_subject: ClassVar[DataSubject] = DataSubject("giver", blanked=("reason",))    free text is emptied
    data_subject: ClassVar[NoDataSubject] = NoDataSubject("a setting of the server")

A path follows fields to a person, a person's id or a person's e-mail address. Subject access requests, erasures and the
record of processing all read this declaration, so they always agree.
"""

from dataclasses import dataclass

ONLY_A_RANDOM_ID = "it identifies the person by a random id, which leads to nobody once the person is erased"


@dataclass(frozen=True)
class NoDataSubject:
    """The reason why a model with personal fields is about no person whom the system could identify."""

    reason: str


@dataclass(frozen=True, init=False)
class DataSubject:
    paths: tuple[str, ...]
    erased: bool
    blanked: tuple[str, ...]  # free text, which may say anything about the person
    reason: str  # why the row is kept; or how rows are found when no field leads to the person

    def __init__(self, *paths: str, erased: bool = False, blanked: tuple[str, ...] = (), reason: str = "") -> None:
        object.__setattr__(self, "paths", paths)
        object.__setattr__(self, "erased", erased)
        object.__setattr__(self, "blanked", blanked)
        object.__setattr__(self, "reason", reason or ("" if erased else ONLY_A_RANDOM_ID))

"""Which columns a register takes from sheets. It is part of its declaration, so it does not load what reads sheets."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from evenhand.authorities.models import Authority
from evenhand.modules.declarations import Text

REFERENCE, STATE = "reference", "state"  # columns that are no fields of the form


class UnknownText(ValueError):
    """A cell has a text that its field does not know: the message says what to do."""


@dataclass(frozen=True)
class SheetColumn:
    """A field that sheets can give, and the headings by which it is recognised beside its own label.

    `read` turns the text of a cell into the value of the field, and raises UnknownText. Two fields are special:
    `reference` finds the record, and `state` is reached by the steps that lead there.
    """

    field: str
    label: Text
    headings: tuple[str, ...] = ()
    read: Callable[[Authority, str], Any] | None = None

    def is_called(self, heading: str) -> bool:
        return _plain(heading) in {_plain(str(self.label)), _plain(self.field), *map(_plain, self.headings)}


def one_of(choices: Callable[[Authority], QuerySet[Any]], field: str, missing: Text) -> Callable[[Authority, str], Any]:
    """Reads the name of one of the choices. `missing` says what to do if none has it; it takes the text."""

    def read(authority: Authority, text: str) -> Any:
        if not text:
            return None
        chosen = choices(authority).filter(**{f"{field}__iexact": text}).first()
        if chosen is None:
            raise UnknownText(str(missing) % {"text": text})
        return chosen

    return read


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()

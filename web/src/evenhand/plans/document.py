"""A plan as its file says it: frozen, checked for shape, and free of any database.

Line breaks inside a text are layout and are joined; an empty line keeps two paragraphs apart.
A problem that belongs to one field is found here; what fields say about each other is in `rules`.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Literal, Self
from unicodedata import category

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from evenhand.plans.groups import GROUPS
from evenhand.plans.problems import did_you_mean

FORMAT: Final = "evenhand-plan/1"
LONGEST_TEXT = 5_000  # characters; looking for quotes in a text takes time with both their lengths
LONGEST_QUOTE = 500
STATUSES = ("draft", "draft_in_consultation", "adopted", "superseded", "not_stated")
KINDS = ("vision", "process", "objective", "priority")
ROLES = ("employer", "commissioner", "civic_leader")

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,19}")
CLAUSE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,29}")
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Kind = Literal["vision", "process", "objective", "priority"]
Status = Literal["draft", "draft_in_consultation", "adopted", "superseded", "not_stated"]
Role = Literal["employer", "commissioner", "civic_leader", ""]


class Bare(str):
    """A value that stood in the file without quotation marks, and so may be a number."""

    __slots__ = ()


def refuse(what: str, mend: str) -> PydanticCustomError:
    return PydanticCustomError("plan", "{what}", {"what": what, "mend": mend})


def _text(given: object) -> object:
    if not isinstance(given, str):
        raise refuse("this should be text", "Write words after the colon, or indented below it.")
    text = "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", given) if part.strip())
    if any(category(char) in {"Cc", "Cs"} and char != "\n" for char in text):
        raise refuse("a control character stands in this text", "Remove the escape that begins with a backslash.")
    return text


def _filled(given: object) -> object:
    if given is None or (text := _text(given)) == "":
        raise refuse("this is empty", "Write the words after the colon, or ask the author for them.")
    return text


def _optional(given: object) -> object:
    return "" if given is None else _text(given)


def _shaped(pattern: re.Pattern[str], like: str) -> BeforeValidator:
    def check(given: object) -> object:
        text = str(_filled(given))
        if not pattern.fullmatch(text):
            raise refuse(f"“{text[:60]}” has a form that cannot be used here", like)
        return text

    return BeforeValidator(check)


def _one_of(choices: tuple[str, ...], *, or_none: bool = False) -> BeforeValidator:
    def check(given: object) -> object:
        text = str(_optional(given) if or_none else _filled(given))
        if text not in choices and not (or_none and text == ""):
            hint = did_you_mean(text, choices)
            raise refuse(f"“{text[:60]}” is not on the list{hint}", f"Choose one of: {', '.join(choices)}.")
        return text

    return BeforeValidator(check)


def _number(given: object) -> object:
    if given is None or isinstance(given, Decimal):
        return given
    mend = "Write the figure alone, like 41.5, without quotation marks, commas, a per cent sign or a unit."
    if not isinstance(given, Bare) or not NUMBER.fullmatch(given):
        shown = f"“{str(given)[:60]}”" if isinstance(given, str) else "this"
        quoted = isinstance(given, str) and NUMBER.fullmatch(given)
        raise refuse(f"{shown} is {'text in quotation marks' if quoted else 'not a number'}", mend)
    return Decimal(given)


def _day(given: object) -> object:
    if given is None or isinstance(given, date):
        return given
    mend = "Write year, month and day, like 2028-03-31 for 31 March 2028."
    if not isinstance(given, str) or not DAY.fullmatch(given):
        raise refuse(f"“{str(given)[:60]}” is not a date in the form that plans use", mend)
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise refuse(f"“{given}” is not a day in the calendar", mend) from None


def _list(given: object) -> object:
    if given is None:
        return ()
    if not isinstance(given, (list, tuple)):
        raise refuse("this should be a list", "Begin each entry on a new line with “- ”.")
    return given


def _yes_no(given: object) -> object:
    if isinstance(given, bool):
        return given
    if not isinstance(given, str) or given not in {"true", "false"}:
        raise refuse("this should be true or false", "Write true or false, without quotation marks.")
    return given == "true"


Words = Annotated[str, BeforeValidator(_filled), Field(max_length=LONGEST_TEXT)]
Note = Annotated[str, BeforeValidator(_optional), Field(max_length=LONGEST_TEXT)]
Quote = Annotated[str, BeforeValidator(_filled), Field(max_length=LONGEST_QUOTE)]
Line = Annotated[str, BeforeValidator(_filled), Field(max_length=300)]
OptionalLine = Annotated[str, BeforeValidator(_optional), Field(max_length=300)]
Slug = Annotated[
    str,
    _shaped(SLUG, "Use small letters, figures and single hyphens, like liverpool-city-council."),
    Field(max_length=80),
]
Ref = Annotated[str, _shaped(REF, "Use up to 20 letters, figures, full stops or hyphens, like 1, 1.2 or V3.")]
ClauseId = Annotated[str, _shaped(CLAUSE_ID, "Use up to 30 letters, figures, full stops or hyphens, like A-E0a.")]
Number = Annotated[Decimal, BeforeValidator(_number)]
Day = Annotated[date, BeforeValidator(_day)]
Code = Annotated[str, _one_of(tuple(GROUPS))]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Part):
    title: Line
    publisher: Line
    dated: Line
    read_on: Day
    rights: Words
    note: Note = ""


class Clause(Part):
    """A promise inside a node; a companion follows from the words without standing in them."""

    id: ClauseId
    quote: Quote
    check: Words
    companion: Annotated[bool, BeforeValidator(_yes_no)] = False


class ForWhom(Part):
    code: Code
    words: Quote


class Change(Part):
    words: Quote


class Measure(Part):
    definition: Note = ""
    unit: OptionalLine = ""


class Baseline(Part):
    value: Number | None = None
    on: Day | None = None
    source: Note = ""


class Target(Part):
    value: Number | None = None
    note: Note = ""


class Node(Part):
    kind: Annotated[Kind, _one_of(KINDS)]
    ref: Ref
    wording: Words
    heading: OptionalLine = ""
    role: Annotated[Role, _one_of(ROLES, or_none=True)] = ""
    descriptor: Note = ""
    clauses: Annotated[tuple[Clause, ...], BeforeValidator(_list)] = ()
    for_whom: Annotated[tuple[ForWhom, ...], BeforeValidator(_list)] = ()
    change: Change | None = None
    measure: Measure | None = None
    baseline: Baseline | None = None
    target: Target | None = None
    by: Day | None = None
    owner: OptionalLine = ""
    children: Annotated[tuple["Node", ...], BeforeValidator(_list)] = ()

    def walk(self, parent: Self | None = None) -> Iterator[tuple["Node", "Node | None"]]:
        yield self, parent
        for child in self.children:
            yield from child.walk(self)


class PlanDocument(Part):
    format: Annotated[Literal["evenhand-plan/1"], _one_of((FORMAT,))]
    authority: Slug
    slug: Slug
    title: Line
    status: Annotated[Status, _one_of(STATUSES)]
    period: OptionalLine = ""
    wording_note: Note = ""
    source: Source
    nodes: Annotated[tuple[Node, ...], BeforeValidator(_list)]

    def walk(self) -> Iterator[tuple[Node, Node | None]]:
        """Every node with its parent, in the order of the document."""
        for node in self.nodes:
            yield from node.walk()

"""The content of a plan file as immutable Pydantic models, independent of the database.

Line breaks inside a text are joined. An empty line separates two paragraphs. The validators here check single fields.
The module `rules` checks how fields relate to each other.
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
from evenhand.plans.problems import with_suggestion

FORMAT: Final = "evenhand-plan/1"
MAX_TEXT_LENGTH = 5_000  # characters; searching a text for a quote takes time that grows with both lengths
MAX_QUOTE_LENGTH = 500
STATUSES = ("draft", "draft_in_consultation", "adopted", "superseded", "not_stated")
KINDS = ("vision", "process", "objective", "priority")
ROLES = ("employer", "commissioner", "civic_leader")

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,19}")
CLAUSE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,29}")
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
ADDRESS = re.compile(r"https?://[^\s/<>\"]+(/[^\s<>\"]*)?|/authorities/[a-z0-9-]+/plans/[a-z0-9-]+/")

NodeKind = Literal["vision", "process", "objective", "priority"]
PlanStatus = Literal["draft", "draft_in_consultation", "adopted", "superseded", "not_stated"]
NodeRole = Literal["employer", "commissioner", "civic_leader", ""]


class UnquotedText(str):
    """A value without quotation marks in the file, which may therefore be a number."""

    __slots__ = ()


def plan_error(description: str, fix: str) -> PydanticCustomError:
    return PydanticCustomError("plan", "{description}", {"description": description, "fix": fix})


def _text(value: object) -> object:
    if not isinstance(value, str):
        raise plan_error("this should be text", "Write the text after the colon, or indented below it.")
    text = "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", value) if part.strip())
    if any(category(char) in {"Cc", "Cs"} and char != "\n" for char in text):
        raise plan_error(
            "this text contains a control character", "Remove the escape sequence that begins with a backslash."
        )
    return text


def _required_text(value: object) -> object:
    if value is None or (text := _text(value)) == "":
        raise plan_error("this is empty", "Write the text after the colon, or ask the author for it.")
    return text


def _optional_text(value: object) -> object:
    return "" if value is None else _text(value)


def _matching(pattern: re.Pattern[str], fix: str) -> BeforeValidator:
    def check(value: object) -> object:
        text = str(_required_text(value))
        if not pattern.fullmatch(text):
            raise plan_error(f"“{text[:60]}” is not in a valid format", fix)
        return text

    return BeforeValidator(check)


def _one_of(choices: tuple[str, ...], *, or_none: bool = False) -> BeforeValidator:
    def check(value: object) -> object:
        text = str(_optional_text(value) if or_none else _required_text(value))
        if text not in choices and not (or_none and text == ""):
            fix = with_suggestion(text, choices, f"Choose one of: {', '.join(choices)}.")
            raise plan_error(f"“{text[:60]}” is not one of the options", fix)
        return text

    return BeforeValidator(check)


def _number(value: object) -> object:
    if value is None or isinstance(value, Decimal):
        return value
    fix = "Write only the number, for example 41.5, without quotation marks, commas, a per cent sign or a unit."
    if not isinstance(value, UnquotedText) or not NUMBER.fullmatch(value):
        subject = f"“{str(value)[:60]}”" if isinstance(value, str) else "this"
        is_quoted_number = isinstance(value, str) and NUMBER.fullmatch(value)
        raise plan_error(f"{subject} is {'in quotation marks' if is_quoted_number else 'not a number'}", fix)
    return Decimal(value)


def _day(value: object) -> object:
    if value is None or isinstance(value, date):
        return value
    fix = "Write the year, month and day, for example 2028-03-31 for 31 March 2028."
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise plan_error(f"“{str(value)[:60]}” is not a date in the format YYYY-MM-DD", fix)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise plan_error(f"“{value}” is not a real date", fix) from None


def _address(value: object) -> object:
    text = str(_optional_text(value))
    if text and not ADDRESS.fullmatch(text):
        fix = (
            "Write the web address where the document was read, beginning with https://, or the path of a plan on this "
            "site, for example /authorities/liverpool-city-council/plans/objectives/."
        )
        raise plan_error(f"“{text[:60]}” is not a web address", fix)
    return text


def _list(value: object) -> object:
    if value is None:
        return ()
    if not isinstance(value, (list, tuple)):
        raise plan_error("this should be a list", "Start each entry on a new line with “- ”.")
    return value


def _true_or_false(value: object) -> object:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or value not in {"true", "false"}:
        raise plan_error("this should be true or false", "Write true or false, without quotation marks.")
    return value == "true"


RequiredText = Annotated[str, BeforeValidator(_required_text), Field(max_length=MAX_TEXT_LENGTH)]
OptionalText = Annotated[str, BeforeValidator(_optional_text), Field(max_length=MAX_TEXT_LENGTH)]
Quote = Annotated[str, BeforeValidator(_required_text), Field(max_length=MAX_QUOTE_LENGTH)]
RequiredLine = Annotated[str, BeforeValidator(_required_text), Field(max_length=300)]
OptionalLine = Annotated[str, BeforeValidator(_optional_text), Field(max_length=300)]
Slug = Annotated[
    str,
    _matching(SLUG, "Use lower-case letters, digits and single hyphens, for example liverpool-city-council."),
    Field(max_length=80),
]
Ref = Annotated[str, _matching(REF, "Use up to 20 letters, digits, full stops or hyphens, for example 1, 1.2 or V3.")]
ClauseId = Annotated[
    str, _matching(CLAUSE_ID, "Use up to 30 letters, digits, full stops or hyphens, for example A-E0a.")
]
Number = Annotated[Decimal, BeforeValidator(_number)]
TrueOrFalse = Annotated[bool, BeforeValidator(_true_or_false)]
Day = Annotated[date, BeforeValidator(_day)]
Code = Annotated[str, _one_of(tuple(GROUPS))]


class PlanPart(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PlanSource(PlanPart):
    title: RequiredLine
    publisher: RequiredLine
    dated: RequiredLine
    read_on: Day
    rights: RequiredText
    note: OptionalText = ""
    address: Annotated[str, BeforeValidator(_address), Field(max_length=300)] = ""


class Clause(PlanPart):
    """A promise in a node. A companion clause follows from the wording but is not quoted from it."""

    id: ClauseId
    quote: Quote
    check: RequiredText
    companion: TrueOrFalse = False


class ForWhom(PlanPart):
    code: Code
    words: Quote


class IntendedChange(PlanPart):
    words: Quote


class NodeMeasure(PlanPart):
    definition: OptionalText = ""
    unit: OptionalLine = ""


class Baseline(PlanPart):
    value: Number | None = None
    on: Day | None = None
    source: OptionalText = ""


class Target(PlanPart):
    value: Number | None = None
    note: OptionalText = ""


class Node(PlanPart):
    kind: Annotated[NodeKind, _one_of(KINDS)]
    ref: Ref
    wording: RequiredText
    heading: OptionalLine = ""
    role: Annotated[NodeRole, _one_of(ROLES, or_none=True)] = ""
    descriptor: OptionalText = ""
    clauses: Annotated[tuple[Clause, ...], BeforeValidator(_list)] = ()
    for_whom: Annotated[tuple[ForWhom, ...], BeforeValidator(_list)] = ()
    change: IntendedChange | None = None
    measure: NodeMeasure | None = None
    baseline: Baseline | None = None
    target: Target | None = None
    by: Day | None = None
    owner: OptionalLine = ""
    children: Annotated[tuple["Node", ...], BeforeValidator(_list)] = ()

    def walk(self, parent: Self | None = None) -> Iterator[tuple["Node", "Node | None"]]:
        yield self, parent
        for child in self.children:
            yield from child.walk(self)


class PlanDocument(PlanPart):
    """The whole file. If it does not say whether it is invented, it is as its authority."""

    format: Annotated[Literal["evenhand-plan/1"], _one_of((FORMAT,))]
    authority: Slug
    slug: Slug
    title: RequiredLine
    status: Annotated[PlanStatus, _one_of(STATUSES)]
    period: OptionalLine = ""
    wording_note: OptionalText = ""
    source: PlanSource
    invented: TrueOrFalse = False
    nodes: Annotated[tuple[Node, ...], BeforeValidator(_list)]

    def walk(self) -> Iterator[tuple[Node, Node | None]]:
        """Yield every node with its parent, in the order of the document."""
        for node in self.nodes:
            yield from node.walk()

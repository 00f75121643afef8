"""The description supplied with a file of counts: its source, and any groups that can't be compared, with reasons."""

import tomllib
from dataclasses import dataclass
from datetime import date
from typing import Any

from evenhand.evidence.intake.errors import ImportFileError, ImportProblem
from evenstat.errors import EvenstatError
from evenstat.standards import standard

TEXTS = ("title", "publisher", "licence", "address", "note")
LONGEST_TEXT = 200
KEYS = (*TEXTS, "retrieved_on", "invented", "not_comparable")
DECLARATION_KEYS = ("organisation", "characteristic", "category", "reason")


@dataclass(frozen=True)
class ComparabilityDeclaration:
    """A group in one organisation's counts that must not be compared with a benchmark, and why."""

    organisation: str
    characteristic: str
    category: str
    reason: str


@dataclass(frozen=True)
class SourceDescription:
    """What is known about a source. A field that is left out is empty, and the pages say that it is not stated.

    If `invented` is left out, the figures are as the authorities in the file.
    """

    name: str = "the description"
    title: str = ""
    publisher: str = ""
    licence: str = ""
    address: str = ""
    note: str = ""
    retrieved_on: date | None = None
    invented: bool | None = None
    not_comparable: tuple[ComparabilityDeclaration, ...] = ()

    def dataset_fields(self) -> dict[str, Any]:
        return {key: getattr(self, key) for key in (*TEXTS, "retrieved_on")}


def read_source(data: bytes, name: str) -> SourceDescription:
    """Read a TOML description. Raises ImportFileError listing everything that is wrong with it."""
    try:
        content = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problem = ImportProblem(f"The file can't be read as TOML: {error}.", "Correct the file at that point.")
        raise ImportFileError(name, (problem,)) from error
    problems = [
        ImportProblem(f"“{key}” is not a recognised key.", f"Use only {', '.join(KEYS)}.")
        for key in content
        if key not in KEYS
    ]
    problems += [
        ImportProblem(f"“{key}” is not text.", "Put the value in quotation marks.")
        for key in TEXTS
        if not isinstance(content.get(key, ""), str)
    ]
    problems += [
        ImportProblem(f"“{key}” is longer than {LONGEST_TEXT} characters.", "Shorten it, and put the rest in “note”.")
        for key in TEXTS
        if key != "note" and len(str(content.get(key, ""))) > LONGEST_TEXT
    ]
    if not str(content.get("address", "") or "https://").startswith(("https://", "http://")):
        problems.append(ImportProblem("“address” is not a web address.", "Start it with https://"))
    retrieved = content.get("retrieved_on")
    if retrieved is not None and type(retrieved) is not date:
        problems.append(
            ImportProblem("“retrieved_on” is not a date.", "Write it as 2026-11-22, without quotation marks.")
        )
    if not isinstance(content.get("invented", False), bool):
        problems.append(
            ImportProblem("“invented” is not true or false.", "Write true or false, without quotation marks.")
        )
    declarations = content.get("not_comparable", [])
    if not isinstance(declarations, list):
        declarations = []
        problems.append(ImportProblem("“not_comparable” is not a list.", "Write [[not_comparable]] above each entry."))
    for number, declaration in enumerate(declarations, start=1):
        problems += _declaration_problems(number, declaration)
    if problems:
        raise ImportFileError(name, tuple(problems))
    return SourceDescription(
        name=name,
        **{key: content[key] for key in TEXTS if key in content},
        retrieved_on=retrieved,
        invented=content.get("invented"),
        not_comparable=tuple(ComparabilityDeclaration(**declaration) for declaration in declarations),
    )


def _declaration_problems(number: int, declaration: Any) -> list[ImportProblem]:
    label = f"Entry {number} of “not_comparable”"
    if not isinstance(declaration, dict) or set(declaration) != set(DECLARATION_KEYS):
        return [
            ImportProblem(
                f"{label} has missing or unexpected keys.", f"Give exactly these keys: {', '.join(DECLARATION_KEYS)}."
            )
        ]
    try:
        standard(declaration["characteristic"]).label(declaration["category"])
    except EvenstatError as error:
        return [ImportProblem(f"{label}: {error}", "Use the codes of the standard.")]
    return []

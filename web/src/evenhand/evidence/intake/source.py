"""The description that travels with a file of counts: where it is from, and what can't be compared, and why."""

import tomllib
from dataclasses import dataclass
from datetime import date
from typing import Any

from evenhand.evidence.intake.faults import Fault, FileRefused
from evenstat.errors import EvenstatError
from evenstat.standards import standard

TEXTS = ("title", "publisher", "licence", "address", "note")
LONGEST_TEXT = 200
KEYS = (*TEXTS, "retrieved_on", "not_comparable")
DECLARATION_KEYS = ("organisation", "characteristic", "category", "reason")


@dataclass(frozen=True)
class ComparabilityDeclared:
    """A group of one organisation's counts that may not be held against a benchmark."""

    organisation: str
    characteristic: str
    category: str
    reason: str


@dataclass(frozen=True)
class SourceDescription:
    """What is known of a source. What is not said stays empty, and the pages say that it is not stated."""

    name: str = "the description"
    title: str = ""
    publisher: str = ""
    licence: str = ""
    address: str = ""
    note: str = ""
    retrieved_on: date | None = None
    not_comparable: tuple[ComparabilityDeclared, ...] = ()

    def facts(self) -> dict[str, Any]:
        return {key: getattr(self, key) for key in (*TEXTS, "retrieved_on")}


def read_source(data: bytes, name: str) -> SourceDescription:
    """A TOML description, or FileRefused with what is wrong with it."""
    try:
        content = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise FileRefused(name, (Fault(f"It can't be read as TOML: {fault}.", "Mend that place."),)) from fault
    faults = [Fault(f"“{key}” is not known here.", f"Use {', '.join(KEYS)}.") for key in content if key not in KEYS]
    faults += [
        Fault(f"“{key}” is not text.", "Put it in quotation marks.")
        for key in TEXTS
        if not isinstance(content.get(key, ""), str)
    ]
    faults += [
        Fault(f"“{key}” is longer than {LONGEST_TEXT} characters.", "Say it more briefly; the rest can go into “note”.")
        for key in TEXTS
        if key != "note" and len(str(content.get(key, ""))) > LONGEST_TEXT
    ]
    if not str(content.get("address", "") or "https://").startswith(("https://", "http://")):
        faults.append(Fault("“address” is not a web address.", "Begin it with https://"))
    retrieved = content.get("retrieved_on")
    if retrieved is not None and type(retrieved) is not date:
        faults.append(Fault("“retrieved_on” is not a date.", "Write 2026-11-22, without quotation marks."))
    declared = content.get("not_comparable", [])
    if not isinstance(declared, list):
        declared = []
        faults.append(Fault("“not_comparable” is not a list.", "Write [[not_comparable]] above each."))
    for place, each in enumerate(declared, start=1):
        faults += _declaration_faults(place, each)
    if faults:
        raise FileRefused(name, tuple(faults))
    return SourceDescription(
        name=name,
        **{key: content[key] for key in TEXTS if key in content},
        retrieved_on=retrieved,
        not_comparable=tuple(ComparabilityDeclared(**each) for each in declared),
    )


def _declaration_faults(place: int, declared: Any) -> list[Fault]:
    where = f"Declaration {place} of “not_comparable”"
    if not isinstance(declared, dict) or set(declared) != set(DECLARATION_KEYS):
        return [Fault(f"{where} is not whole.", f"Give {', '.join(DECLARATION_KEYS)}, and nothing else.")]
    try:
        standard(declared["characteristic"]).label(declared["category"])
    except EvenstatError as fault:
        return [Fault(f"{where}: {fault}", "Use the codes of the standard.")]
    return []

"""From the bytes of a file to a plan, or to everything that is wrong with it at once."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from yaml.reader import Reader

from evenhand.plans.document import (
    FORMAT,
    Baseline,
    Change,
    Clause,
    ForWhom,
    Measure,
    Node,
    PlanDocument,
    Source,
    Target,
)
from evenhand.plans.problems import PlanFileError, Problem, did_you_mean, place
from evenhand.plans.rules import check_rules
from evenhand.plans.tree import Path, Places, Stop, grow

LARGEST = 1_000_000  # bytes
YAML_PLEASE = "Give the plan as a YAML text file; docs/plan-format.md shows one."
SAVE_AS_UTF8 = "In the editor, choose “Save as” and the encoding UTF-8."

KNOWN_BEGINNINGS = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive, or a Word, Excel or OpenDocument file"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"{\\rtf", "a rich text file"),
    (b"SQLite format 3", "a database"),
)
OTHER_UNICODE = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))

PARTS: dict[str, type[BaseModel]] = {
    "": PlanDocument,
    "nodes": Node,
    "children": Node,
    "source": Source,
    "clauses": Clause,
    "for_whom": ForWhom,
    "change": Change,
    "measure": Measure,
    "baseline": Baseline,
    "target": Target,
}
MISSING = {
    "format": f"Add “format: {FORMAT}”.",
    "kind": "Add “kind: objective”, or priority, vision or process.",
    "ref": "Add a short number, like “ref: '1.2'”.",
    "wording": "Add “wording:” and the words as printed.",
    "read_on": "Add the day the document was read, like “read_on: 2026-11-22”.",
    "dated": "Add the document's date, or “dated: not dated in the document”.",
    "rights": "Add the licence, or “rights: no licence is stated in the document”.",
    "status": "Add “status:”; write not_stated if the document does not say.",
}


def read_plan(data: bytes, name: str) -> PlanDocument:
    """Raises PlanFileError, and nothing else, with every problem that could be found."""
    text = _decode(data, name)
    places = Places()
    try:
        plan = grow(text, places)
    except Stop:
        raise PlanFileError(name, places.problems()) from None
    if not isinstance(plan, Mapping):
        places.report((), "this is not a plan: it does not begin with names and values", YAML_PLEASE)
        raise PlanFileError(name, places.problems())
    check_rules(plan, places)
    document = _validate(plan, places)
    if document is None or places.found:
        raise PlanFileError(name, places.problems())
    return document


def _decode(data: bytes, name: str) -> str:
    def refuse(what: str, mend: str, line: int = 1, column: int = 1) -> PlanFileError:
        return PlanFileError(name, [Problem(place(line, column), "", what, mend)])

    if len(data) > LARGEST:
        raise refuse(f"the file has {len(data):,} bytes; a plan has at most {LARGEST:,}", "Split the plan.")
    for beginning, kind in KNOWN_BEGINNINGS:
        if data.startswith(beginning):
            raise refuse(f"this is {kind}, not a plan", YAML_PLEASE)
    for beginning, encoding in OTHER_UNICODE:
        if data.startswith(beginning):
            raise refuse(f"the file is saved as {encoding}", SAVE_AS_UTF8)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        raise refuse("this character is not saved as UTF-8", SAVE_AS_UTF8, *_end(before)) from None
    if not text.strip():
        raise refuse("the file is empty", YAML_PLEASE)
    if unprintable := Reader.NON_PRINTABLE.search(text):
        mend = "Delete it; most editors do not show it."
        raise refuse("a control character stands here", mend, *_end(text[: unprintable.start()]))
    if kind := _other_text(text, name):
        raise refuse(f"this looks like {kind}, not a plan", YAML_PLEASE)
    return text


def _end(before: str) -> tuple[int, int]:
    """The line and column that come after this text."""
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _other_text(text: str, name: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    first = next((line for line in lines if line and not line.startswith("#")), "")
    if first.startswith("<"):
        return "a web page or XML"
    table = ":" not in first and first[:1] not in {"{", "[", "-"} and any(mark in first for mark in ",;\t")
    return "a table (CSV)" if table or name.lower().endswith((".csv", ".tsv")) else ""


def _validate(plan: Mapping[str, object], places: Places) -> PlanDocument | None:
    try:
        return PlanDocument.model_validate(plan)
    except ValidationError as error:
        for found in error.errors(include_url=False, include_input=False):
            _report(found["type"], found["loc"], found.get("ctx", {}), places)
        return None


def _report(kind: str, path: Path, context: Mapping[str, Any], places: Places) -> None:
    name = str(path[-1]) if path else ""
    if kind == "missing":
        places.report(path, f"“{name}” is missing", MISSING.get(name, f"Add “{name}:” here."))
    elif kind == "extra_forbidden":
        known = tuple(_part(path[:-1]).model_fields)
        what = f"“{name[:60]}” is not a name that plans use here{did_you_mean(name, known)}"
        places.report_name(path, what, f"The names here are: {', '.join(known)}.")
    elif kind == "plan":
        places.report(path, context["what"], context["mend"])
    elif kind in {"too_long", "string_too_long"}:
        places.report(path, f"longer than {context['max_length']} characters", "Shorten it.")
    else:
        names = ", ".join(_part(path).model_fields)
        places.report(path, "this should be names and values", f"Indent them below. The names: {names}.")


def _part(path: Path) -> type[BaseModel]:
    return PARTS[next((step for step in reversed(path) if step in PARTS), "")]

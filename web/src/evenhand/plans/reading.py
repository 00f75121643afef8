"""Read a plan from the bytes of a file, or report all its problems at once."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from yaml.reader import Reader

from evenhand.plans.document import (
    FORMAT,
    Baseline,
    Clause,
    ForWhom,
    IntendedChange,
    Node,
    NodeMeasure,
    PlanDocument,
    PlanSource,
    Target,
)
from evenhand.plans.file_kinds import DOCUMENTS, file_kind
from evenhand.plans.parsing import FieldPath, ParsingStopped, ProblemCollector, parse
from evenhand.plans.problems import PlanFileError, PlanProblem, line_and_column, with_suggestion
from evenhand.plans.rules import check_rules

MAX_BYTES = 1_000_000  # bytes
WRITE_YAML = "Write the plan as a YAML text file in the plan format, and check that file."
COPY_TEXT = (
    "Plans cannot be read from such a file. Copy the words of its objectives into a YAML text file in the plan "
    "format, and check that file."
)
SAVE_AS_UTF8 = "In your editor, choose “Save as” and the encoding UTF-8."

BYTE_ORDER_MARKS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))

PART_MODELS: dict[str, type[BaseModel]] = {
    "": PlanDocument,
    "nodes": Node,
    "children": Node,
    "source": PlanSource,
    "clauses": Clause,
    "for_whom": ForWhom,
    "change": IntendedChange,
    "measure": NodeMeasure,
    "baseline": Baseline,
    "target": Target,
}
MISSING_FIELD_FIXES = {
    "format": f"Add “format: {FORMAT}”.",
    "kind": "Add “kind:” and one of objective, priority, vision or process.",
    "ref": "Add a short number, for example “ref: '1.2'”.",
    "wording": "Add “wording:” and the words as printed.",
    "read_on": "Add the date on which the document was read, for example “read_on: 2026-11-22”.",
    "dated": "Add the document's date, or “dated: not dated in the document”.",
    "rights": "Add the licence, or “rights: no licence is stated in the document”.",
    "status": "Add “status:”. Write not_stated if the document does not say.",
}


def read_plan(data: bytes, name: str) -> PlanDocument:
    """Raise PlanFileError, and no other exception, with every problem that could be found."""
    text = _decode(data, name)
    collector = ProblemCollector()
    try:
        plan = parse(text, collector)
    except ParsingStopped:
        raise PlanFileError(name, collector.problems()) from None
    if not isinstance(plan, Mapping):
        collector.add((), "this is not a plan: it does not begin with names and values", WRITE_YAML)
        raise PlanFileError(name, collector.problems())
    check_rules(plan, collector)
    document = _validate(plan, collector)
    if document is None or collector.collected:
        raise PlanFileError(name, collector.problems())
    return document


def _decode(data: bytes, name: str) -> str:
    def error(description: str, fix: str, line: int = 1, column: int = 1) -> PlanFileError:
        return PlanFileError(name, [PlanProblem(line_and_column(line, column), "", description, fix, line)])

    if kind := file_kind(data):
        fix = COPY_TEXT if kind in DOCUMENTS else WRITE_YAML
        raise PlanFileError(name, [PlanProblem("the whole file", "", f"this is {kind}, not a plan", fix)])
    if len(data) > MAX_BYTES:
        raise error(f"the file has {len(data):,} bytes; the limit is {MAX_BYTES:,}", "Split the plan.")
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            raise error(f"the file is saved as {encoding}", SAVE_AS_UTF8)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as decode_error:
        before = data[: decode_error.start].decode("utf-8-sig", "replace")
        raise error("this character is not saved as UTF-8", SAVE_AS_UTF8, *_end(before)) from None
    if not text.strip():
        raise error("the file is empty", WRITE_YAML)
    if unprintable := Reader.NON_PRINTABLE.search(text):
        fix = "Delete it. Most editors do not show it."
        raise error("there is a control character here", fix, *_end(text[: unprintable.start()]))
    if kind := _other_text_format(text, name):
        raise error(f"this looks like {kind}, not a plan", WRITE_YAML)
    return text


def _end(before: str) -> tuple[int, int]:
    """Return the line and column after this text."""
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _other_text_format(text: str, name: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    first = next((line for line in lines if line and not line.startswith("#")), "")
    if first.startswith("<"):
        return "a web page or XML"
    table = ":" not in first and first[:1] not in {"{", "[", "-"} and any(mark in first for mark in ",;\t")
    return "a table (CSV)" if table or name.lower().endswith((".csv", ".tsv")) else ""


def _validate(plan: Mapping[str, object], collector: ProblemCollector) -> PlanDocument | None:
    try:
        return PlanDocument.model_validate(plan)
    except ValidationError as error:
        for details in error.errors(include_url=False, include_input=False):
            _add_schema_problem(details["type"], details["loc"], details.get("ctx", {}), collector)
        return None


def _add_schema_problem(kind: str, path: FieldPath, context: Mapping[str, Any], collector: ProblemCollector) -> None:
    name = str(path[-1]) if path else ""
    if kind == "missing":
        collector.add(path, f"“{name}” is missing", MISSING_FIELD_FIXES.get(name, f"Add “{name}:” here."))
    elif kind == "extra_forbidden":
        names = tuple(_part_model(path[:-1]).model_fields)
        fix = with_suggestion(name, names, f"Valid names are: {', '.join(names)}.")
        collector.add_at_name(path, f"“{name[:60]}” is not a valid name here", fix)
    elif kind == "plan":
        collector.add(path, context["description"], context["fix"])
    elif kind in {"too_long", "string_too_long"}:
        collector.add(path, f"this is longer than {context['max_length']} characters", "Shorten it.")
    else:
        fix = f"Indent them below this line. Valid names are: {', '.join(_part_model(path).model_fields)}."
        collector.add(path, "this should be names and values", fix)


def _part_model(path: FieldPath) -> type[BaseModel]:
    return PART_MODELS[next((step for step in reversed(path) if step in PART_MODELS), "")]

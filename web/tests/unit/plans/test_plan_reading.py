"""An invalid plan file is refused as a whole. Every problem has a location and a fix."""

import gzip
import io
import re
import zipfile
from pathlib import Path

import pytest

from evenhand.plans.problems import PlanFileError, PlanProblem
from evenhand.plans.reading import MAX_BYTES, read_plan
from evenhand.plans.rules import MAX_NODES

DOCS = Path(__file__).parents[4] / "docs"
EXAMPLE = DOCS / "examples" / "complete-plan.yaml"
EXPLANATIONS = (DOCS / "plan-format.md").read_text(encoding="utf-8").partition("## What the messages mean")[2]

PLAN = """\
format: evenhand-plan/1
authority: exampleton-council
slug: example
title: An example
status: draft
source:
  title: An example
  publisher: Exampleton Council
  dated: not dated
  read_on: 2026-11-22
  rights: made up
nodes:
  - kind: objective
    ref: "1"
    wording: We will end long waits for disabled tenants through better management.
    for_whom:
      - code: disability
        words: disabled tenants
    change:
      words: end long waits
    baseline:
      value: 12
      on: 2026-03-31
      source: Register
    by: 2028-03-31
"""


def zip_archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return buffer.getvalue()


def plan_with(old: str, new: str) -> bytes:
    assert PLAN.count(old) == 1, old
    return PLAN.replace(old, new).encode()


def problems_of(data: bytes, name: str = "plan.yaml") -> tuple[PlanProblem, ...]:
    with pytest.raises(PlanFileError) as error:
        read_plan(data, name)
    assert name in str(error.value)
    for problem in error.value.problems:
        assert constant_part(problem.description) in EXPLANATIONS
        assert not problem.description.rstrip("”").endswith((".", "?", "!", ","))  # the full stop is added to it
        assert problem.fix.endswith((".", "?"))
    return error.value.problems


def constant_part(description: str) -> str:
    """The part that all messages of this kind have in common, as in docs/plan-format.md."""
    for pattern, replacement in (
        (r"“[^”]*”", ""),
        (r"[;:].*", ""),
        (r"[\d,]*\d", "..."),
        (r"^(this is|this looks like) .*, not a plan", r"\1 ..., not a plan"),
        (r"saved as UTF.*", "saved as"),
        (r"^an? \w+ (cannot be|cannot have).*", r"\1"),
    ):
        description = re.sub(pattern, replacement, description)
    return description.strip()


ABSENT = "is not in the wording or descriptor of this node"
BOMB = "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(9))

# bytes, line (0: the whole file), part of the description, part of the fix
WHOLE_FILES = {
    "empty": (b"", 1, "the file is empty", "YAML text file"),
    "only blank": (b"\xef\xbb\xbf \n\n", 1, "the file is empty", "YAML text file"),
    "latin-1": (plan_with("An example\nstatus", "Caf\u00e9\nstatus").decode().encode("latin-1"), 4, "UTF-8", "Save as"),
    "utf-16": (PLAN.encode("utf-16"), 1, "UTF-16", "Save as"),
    "utf-16, big end first": (b"\xfe\xff" + PLAN.encode("utf-16-be"), 1, "UTF-16", "Save as"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", 0, "this is a PDF", "YAML text file"),
    "spreadsheet": (zip_archive(), 0, "Excel", "YAML text file"),
    "old spreadsheet": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "old Word or Excel", "YAML text file"),
    "gzip": (gzip.compress(PLAN.encode()), 0, "gzip", "YAML text file"),
    "web page": (b"<!doctype html>\n<title>Plan</title>", 1, "web page", "YAML text file"),
    "table": (b"objective,measure\nOne,waits\n", 1, "a table (CSV)", "YAML text file"),
    "one sentence": (b"Our objectives are good.\n", 1, "not a plan", "YAML text file"),
    "a list": (b"- kind: objective\n", 1, "not a plan", "YAML text file"),
    "too large": (b"#" * (MAX_BYTES + 1), 1, "1,000,001 bytes", "Split"),
    "control character": (plan_with("made up", "made \x07 up"), 11, "control character", "Delete"),
    "unclosed quotation": (plan_with('ref: "1"', 'ref: "1'), 26, "ends inside", "Close the quotation"),
    "unclosed list": (b"nodes: [a, b\n", 2, "", ""),
    "tab": (plan_with("  dated:", "\tdated:"), 9, "a tab", "spaces"),
    "colon in words": (plan_with("An example\nstatus", "Plan: draft\nstatus"), 4, "colon", "quotation marks"),
    "indentation": (plan_with("  publisher", "   publisher"), 8, "", ""),
    "two documents": (PLAN.encode() + b"---\na: b\n", 26, "second document", "one plan in one file"),
    "deep": (b"nodes: " + b"[" * 500, 1, "more than 20 levels deep", "brackets"),
    "too many values": (b"nodes: [" + b"a," * 60_000 + b"]", 1, "more than 50,000", "Split"),
    "too many nodes": (b"nodes:\n" + b"- {kind: vision}\n" * (MAX_NODES + 1), 2, "more than 5,000 nodes", "Split"),
    "impossible escape": (plan_with("made up", '"\\UFFFFFFFF"'), 11, "cannot be read", "example of a plan file"),
    "yaml bomb": (BOMB.encode(), 1, "is an anchor", "Remove it"),
    "alias": (plan_with("made up", "*rights"), 11, "is an alias", "Write the text out"),
    "object tag": (plan_with("made up", "!!python/object:os.system {}"), 11, "is a tag", "Remove it"),
    "text tag": (plan_with("made up", "!!str made up"), 11, "is a tag", "Remove it"),
    "merge key": (plan_with("  rights: made up", "  rights: made up\n  <<: x"), 12, "“<<”", "Valid names"),
}


@pytest.mark.parametrize("case", WHOLE_FILES)
def test_invalid_file_is_refused_with_line_and_fix(case: str) -> None:
    data, line, description, fix = WHOLE_FILES[case]
    problems = problems_of(data)
    assert any(
        (problem.location.startswith(f"line {line}, column ") if line else problem.location == "the whole file")
        and description in problem.description
        and fix in problem.fix
        for problem in problems
    ), problems


# old text, new text, path, line, part of the description, part of the fix
FIELDS = {
    "duplicate key": ("slug: example", "slug: a\nslug: b", "slug", 4, "given twice; first on line 3", "Keep one"),
    "unknown key": ("title: An example\ns", "titel: An example\ns", "titel", 4, "not a valid", "mean “title”? Valid"),
    "unknown key, nothing near": ("status: draft", "colour: red\nstatus: draft", "colour", 5, "“colour”", "format"),
    "unknown key in a node": ("    by:", "    bye:", "nodes[0].bye", 25, "not a valid name", "mean “by”? Valid names"),
    "unknown code": ("code: disability", "code: disabled", "nodes[0].for_whom[0].code", 17, "disabled", "pregnancy_m"),
    "unknown kind": ("kind: objective", "kind: goal", "nodes[0].kind", 13, "not one of the options", "vision, process"),
    "unknown status": ("status: draft", "status: final", "status", 5, "not one of the options", "not_stated"),
    "unknown format": ("evenhand-plan/1", "evenhand-plan/9", "format", 1, "not one of the options", "evenhand-plan/1"),
    "bad slug": ("slug: example", "slug: An Example", "slug", 3, "not in a valid format", "lower-case letters"),
    "bad ref": ('ref: "1"', 'ref: "one / a"', "nodes[0].ref", 14, "not in a valid format", "for example 1"),
    "not its whom": ("words: disabled tenants", "words: tenant", "nodes[0].for_whom[0].words", 18, ABSENT, "Copy"),
    "part of a word": ("words: disabled tenants", "words: age", "nodes[0].for_whom[0].words", 18, ABSENT, "Copy"),
    "end of a word": ("words: disabled tenants", "words: ment", "nodes[0].for_whom[0].words", 18, ABSENT, "Copy"),
    "invented change": ("words: end long waits", "words: end all waits", "nodes[0].change.words", 20, ABSENT, "Copy"),
    "wrong day order": ("by: 2028-03-31", "by: 31/03/2028", "nodes[0].by", 25, "not a date", "2028-03-31"),
    "no such day": ("by: 2028-03-31", "by: 2028-02-30", "nodes[0].by", 25, "not a real date", "2028-03-31"),
    "number in quotation marks": ("value: 12", 'value: "12"', "nodes[0].baseline.value", 22, "quotation", "41.5"),
    "number with a unit": ("value: 12", "value: 12%", "nodes[0].baseline.value", 22, "not a number", "41.5"),
    "number with a comma": ("value: 12", "value: 2,779", "nodes[0].baseline.value", 22, "not a number", "commas"),
    "infinite number": ("value: 12", "value: .inf", "nodes[0].baseline.value", 22, "not a number", "41.5"),
    "nothing after the colon": ("title: An example\ns", "title:\ns", "title", 4, "empty", "Write the text"),
    "list for text": ("title: An example\ns", "title: [a]\ns", "title", 4, "should be text", "Write the text"),
    "text for names": ("change:\n      words: ", "change: ", "nodes[0].change", 19, "names and values", "words"),
    "no list": ("whom:\n      - code: disability\n        words: ", "whom: ", "nodes[0].for_whom", 16, "list", "- "),
    "invisible escape": ("made up", '"made\\0up"', "source.rights", 11, "control character", "backslash"),
    "half a character": ("made up", '"\\ud800"', "source.rights", 11, "control character", "backslash"),
    "too long": ("title: An example\ns", f"title: {'x' * 301}\ns", "title", 4, "longer than 300", "Shorten"),
    "objective as vision": ("kind: objective", "kind: vision", "nodes[0].by", 25, "a vision cannot have “by”", "Move"),
    "no objective": ("kind: objective", "kind: vision", "nodes", 13, "no objective", "kind: objective"),
    "priority alone": ("kind: objective", "kind: priority", "nodes[0].kind", 13, "at the top level", "children"),
}  # fmt: skip


@pytest.mark.parametrize("case", FIELDS)
def test_invalid_field_is_refused_with_path_line_and_fix(case: str) -> None:
    old, new, path, line, description, fix = FIELDS[case]
    problems = problems_of(plan_with(old, new))
    assert any(
        problem.path == path
        and problem.location.startswith(f"line {line}, column ")
        and description in problem.description
        and fix in problem.fix
        for problem in problems
    ), problems


@pytest.mark.parametrize(
    ("added", "path", "description"),
    [
        ('  - kind: vision\n    ref: "1"\n    wording: A\n', "nodes[1].ref", "used twice; first on line 14"),
        (
            "  - kind: process\n    ref: P\n    wording: A\n    owner: B\n",
            "nodes[1].owner",
            "a process cannot have “owner”",
        ),
        (
            "  - kind: vision\n    ref: V\n    wording: A b\n    clauses:\n"
            "      - {id: C, quote: A… c, check: D}\n      - {id: C, quote: A… b, check: D}\n",
            "nodes[1].clauses[0].quote",
            "“c” is not in the heading",
        ),
        (
            "  - kind: vision\n    ref: V\n    wording: A\n    clauses:\n"
            "      - {id: C, quote: A, check: D}\n      - {id: C, quote: A, check: D}\n",
            "nodes[1].clauses[1].id",
            "used twice",
        ),
        (
            "  - kind: vision\n    ref: V\n    wording: A\n    clauses:\n"
            "      - {id: C, quote: A, check: D, companion: perhaps}\n",
            "nodes[1].clauses[0].companion",
            "true or false",
        ),
        ("  - kind: vision\n    ref: V\n    wording: A\n    ? [a]\n    : b\n", "nodes[1]", "where a name should be"),
        ("  - kind: vision\n    ref: V\n    wording: A\n    oops\n", "", "a name without a colon"),
    ],
)
def test_invalid_node_is_refused(added: str, path: str, description: str) -> None:
    problems = problems_of((PLAN + added).encode())
    assert [(problem.path, description in problem.description) for problem in problems][:1] == [(path, True)]


def test_all_problems_are_found_at_once_in_the_order_of_the_file() -> None:
    broken = PLAN.replace("status: draft", "status: final").replace("value: 12", "value: twelve")
    broken = broken.replace("by: 2028-03-31", "by: soon\n    onwer: Someone")
    problems = problems_of(broken.encode())
    assert [problem.path for problem in problems] == [
        "status",
        "nodes[0].baseline.value",
        "nodes[0].by",
        "nodes[0].onwer",
    ]


def test_message_has_whole_sentences() -> None:
    with pytest.raises(PlanFileError) as error:
        read_plan(plan_with("status: draft", "status: final"), "ours.yaml")
    assert str(error.value).splitlines() == [
        "ours.yaml has 1 problem. Nothing was imported.",
        "  line 5, column 9, status: “final” is not one of the options. "
        "Choose one of: draft, draft_in_consultation, adopted, superseded, not_stated.",
    ]


def test_a_suggestion_is_a_sentence_of_its_own() -> None:
    (problem,) = problems_of(plan_with("kind: objective", "kind: objectiv"))[-1:]
    assert str(problem).endswith(
        "“objectiv” is not one of the options. Did you mean “objective”? "
        "Choose one of: vision, process, objective, priority."
    )


def test_a_long_list_of_problems_is_shortened_in_the_message_only() -> None:
    with pytest.raises(PlanFileError) as error:
        read_plan(PLAN.encode() + b"".join(b"x%d: 1\n" % number for number in range(80)), "ours.yaml")
    assert len(error.value.problems) == 80
    assert str(error.value).endswith("There are 30 more.")


def test_text_that_yaml_would_convert_stays_text() -> None:
    plan = read_plan(plan_with("title: An example\nstatus", "title: No\nperiod: 2024\nstatus"), "plan.yaml")
    assert (plan.title, plan.period) == ("No", "2024")
    again = read_plan(plan_with('ref: "1"', "ref: 1.10"), "plan.yaml")
    assert again.nodes[0].ref == "1.10"


def test_line_breaks_are_joined_and_a_byte_order_mark_is_accepted() -> None:
    folded = PLAN.replace("end long waits for", "end long\n      waits for").replace("\n", "\r\n")
    assert read_plan(b"\xef\xbb\xbf" + folded.encode(), "plan.yaml") == read_plan(PLAN.encode(), "plan.yaml")


def test_example_is_read_in_its_order() -> None:
    plan = read_plan(EXAMPLE.read_bytes(), EXAMPLE.name)
    assert [(node.ref, parent and parent.ref) for node, parent in plan.walk()] == [
        ("V1", None),
        ("1", None),
        ("1.1", "1"),
        ("1.2", "1"),
    ]

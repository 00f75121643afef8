"""A file that is not a plan is refused whole, with every place named and how to mend it."""

import gzip
import io
import re
import zipfile
from pathlib import Path

import pytest

from evenhand.plans.problems import PlanFileError, Problem
from evenhand.plans.reading import LARGEST, read_plan
from evenhand.plans.rules import MOST_NODES

DOCS = Path(__file__).parents[4] / "docs"
EXAMPLE = DOCS / "examples" / "complete-plan.yaml"
EXPLAINED = (DOCS / "plan-format.md").read_text(encoding="utf-8").partition("## What a message means")[2]

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


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return buffer.getvalue()


def changed(old: str, new: str) -> bytes:
    assert PLAN.count(old) == 1, old
    return PLAN.replace(old, new).encode()


def refused(data: bytes, name: str = "plan.yaml") -> tuple[Problem, ...]:
    with pytest.raises(PlanFileError) as caught:
        read_plan(data, name)
    assert name in str(caught.value)
    for problem in caught.value.problems:
        assert fixed_words(problem.what) in EXPLAINED
    return caught.value.problems


def fixed_words(what: str) -> str:
    """What every message of this kind has in common, as docs/plan-format.md gives it."""
    for pattern, common in (
        (r"“[^”]*”", ""),
        (r"[;:].*", ""),
        (r"[\d,]*\d", "..."),
        (r"^(this is|this looks like) .*, not a plan", r"\1 ..., not a plan"),
        (r"saved as UTF.*", "saved as"),
        (r"^an? \w+ (cannot stand|has no).*", r"\1"),
    ):
        what = re.sub(pattern, common, what)
    return what.strip()


BOMB = "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(9))

# bytes -> the line, a part of what is said to be wrong, a part of how to mend it
WHOLE_FILES = {
    "empty": (b"", 1, "the file is empty", "YAML text file"),
    "only blank": (b"\xef\xbb\xbf \n\n", 1, "the file is empty", "YAML text file"),
    "latin-1": (changed("An example\nstatus", "Caf\u00e9\nstatus").decode().encode("latin-1"), 4, "UTF-8", "Save as"),
    "utf-16": (PLAN.encode("utf-16"), 1, "UTF-16", "Save as"),
    "utf-16, big end first": (b"\xfe\xff" + PLAN.encode("utf-16-be"), 1, "UTF-16", "Save as"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", 1, "this is a PDF", "YAML text file"),
    "spreadsheet": (zipped(), 1, "Excel", "YAML text file"),
    "old spreadsheet": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 1, "old Word or Excel", "YAML text file"),
    "gzip": (gzip.compress(PLAN.encode()), 1, "gzip", "YAML text file"),
    "web page": (b"<!doctype html>\n<title>Plan</title>", 1, "web page", "YAML text file"),
    "table": (b"objective,measure\nOne,waits\n", 1, "a table (CSV)", "YAML text file"),
    "one sentence": (b"Our objectives are good.\n", 1, "not a plan", "YAML text file"),
    "a list": (b"- kind: objective\n", 1, "not a plan", "YAML text file"),
    "too large": (b"#" * (LARGEST + 1), 1, "1,000,001 bytes", "Split"),
    "control character": (changed("made up", "made \x07 up"), 11, "control character", "Delete"),
    "unclosed quotation": (changed('ref: "1"', 'ref: "1'), 26, "ends inside", "Close the quotation"),
    "unclosed list": (b"nodes: [a, b\n", 2, "", ""),
    "tab": (changed("  dated:", "\tdated:"), 9, "a tab", "spaces"),
    "colon in words": (changed("An example\nstatus", "Plan: draft\nstatus"), 4, "colon", "quotation marks"),
    "indentation": (changed("  publisher", "   publisher"), 8, "", ""),
    "two documents": (PLAN.encode() + b"---\na: b\n", 26, "second document", "one plan in one file"),
    "deep": (b"nodes: " + b"[" * 500, 1, "more than 20 deep", "brackets"),
    "too many values": (b"nodes: [" + b"a," * 60_000 + b"]", 1, "more than 50,000", "Split"),
    "too many nodes": (b"nodes:\n" + b"- {kind: vision}\n" * (MOST_NODES + 1), 2, "more than 5,000 nodes", "Split"),
    "impossible escape": (changed("made up", '"\\UFFFFFFFF"'), 11, "cannot be read", "complete-plan.yaml"),
    "yaml bomb": (BOMB.encode(), 1, "is an anchor", "Remove it"),
    "alias": (changed("made up", "*rights"), 11, "is an alias", "Write the words out"),
    "object tag": (changed("made up", "!!python/object:os.system {}"), 11, "is a tag", "Remove it"),
    "text tag": (changed("made up", "!!str made up"), 11, "is a tag", "Remove it"),
    "merge key": (changed("  rights: made up", "  rights: made up\n  <<: x"), 12, "“<<”", "names here"),
}


@pytest.mark.parametrize("case", WHOLE_FILES)
def test_broken_file_is_refused_with_line_and_mend(case: str) -> None:
    data, line, what, mend = WHOLE_FILES[case]
    problems = refused(data)
    assert any(
        problem.where.startswith(f"line {line}, column ") and what in problem.what and mend in problem.mend
        for problem in problems
    ), problems


# what is replaced, with what -> path, line, a part of what is said to be wrong, a part of how to mend it
FIELDS = {
    "duplicate key": ("slug: example", "slug: a\nslug: b", "slug", 4, "given twice; first on line 3", "Keep one"),
    "unknown key": ("title: An example\ns", "titel: An example\ns", "titel", 4, "did you mean “title”?", "names here"),
    "unknown key, nothing near": ("status: draft", "colour: red\nstatus: draft", "colour", 5, "“colour”", "format"),
    "unknown key in a node": ("    by:", "    bye:", "nodes[0].bye", 25, "did you mean “by”?", "baseline"),
    "unknown code": ("code: disability", "code: disabled", "nodes[0].for_whom[0].code", 17, "disabled", "pregnancy_m"),
    "unknown kind": ("kind: objective", "kind: goal", "nodes[0].kind", 13, "not on the list", "vision, process"),
    "unknown status": ("status: draft", "status: final", "status", 5, "not on the list", "not_stated"),
    "unknown format": ("evenhand-plan/1", "evenhand-plan/9", "format", 1, "not on the list", "evenhand-plan/1"),
    "bad slug": ("slug: example", "slug: An Example", "slug", 3, "form", "small letters"),
    "bad ref": ('ref: "1"', 'ref: "one / a"', "nodes[0].ref", 14, "form", "like 1"),
    "not its whom": ("words: disabled tenants", "words: tenant", "nodes[0].for_whom[0].words", 18, "stand", "Copy"),
    "part of a word": ("words: disabled tenants", "words: age", "nodes[0].for_whom[0].words", 18, "stand", "Copy"),
    "end of a word": ("words: disabled tenants", "words: ment", "nodes[0].for_whom[0].words", 18, "stand", "Copy"),
    "invented change": ("words: end long waits", "words: end all waits", "nodes[0].change.words", 20, "stand", "Copy"),
    "wrong day order": ("by: 2028-03-31", "by: 31/03/2028", "nodes[0].by", 25, "not a date", "2028-03-31"),
    "no such day": ("by: 2028-03-31", "by: 2028-02-30", "nodes[0].by", 25, "calendar", "2028-03-31"),
    "number in quotation marks": ("value: 12", 'value: "12"', "nodes[0].baseline.value", 22, "quotation", "41.5"),
    "number with a unit": ("value: 12", "value: 12%", "nodes[0].baseline.value", 22, "not a number", "41.5"),
    "number with a comma": ("value: 12", "value: 2,779", "nodes[0].baseline.value", 22, "not a number", "commas"),
    "infinite number": ("value: 12", "value: .inf", "nodes[0].baseline.value", 22, "not a number", "41.5"),
    "nothing after the colon": ("title: An example\ns", "title:\ns", "title", 4, "empty", "Write the words"),
    "list for text": ("title: An example\ns", "title: [a]\ns", "title", 4, "should be text", "Write words"),
    "text for names": ("change:\n      words: ", "change: ", "nodes[0].change", 19, "names and values", "words"),
    "no list": ("whom:\n      - code: disability\n        words: ", "whom: ", "nodes[0].for_whom", 16, "list", "- "),
    "invisible escape": ("made up", '"made\\0up"', "source.rights", 11, "control character", "backslash"),
    "half a character": ("made up", '"\\ud800"', "source.rights", 11, "control character", "backslash"),
    "too long": ("title: An example\ns", f"title: {'x' * 301}\ns", "title", 4, "longer than 300", "Shorten"),
    "objective as vision": ("kind: objective", "kind: vision", "nodes[0].by", 25, "a vision has no “by”", "Move"),
    "no objective": ("kind: objective", "kind: vision", "nodes", 13, "no objective", "kind: objective"),
    "priority alone": ("kind: objective", "kind: priority", "nodes[0].kind", 13, "at the top level", "children"),
}  # fmt: skip


@pytest.mark.parametrize("case", FIELDS)
def test_broken_field_is_refused_with_path_line_and_mend(case: str) -> None:
    old, new, path, line, what, mend = FIELDS[case]
    problems = refused(changed(old, new))
    assert any(
        problem.path == path
        and problem.where.startswith(f"line {line}, column ")
        and what in problem.what
        and mend in problem.mend
        for problem in problems
    ), problems


@pytest.mark.parametrize(
    ("added", "path", "what"),
    [
        ('  - kind: vision\n    ref: "1"\n    wording: A\n', "nodes[1].ref", "used twice; first on line 14"),
        ("  - kind: process\n    ref: P\n    wording: A\n    owner: B\n", "nodes[1].owner", "a process has no “owner”"),
        (
            "  - kind: vision\n    ref: V\n    wording: A b\n    clauses:\n"
            "      - {id: C, quote: A… c, check: D}\n      - {id: C, quote: A… b, check: D}\n",
            "nodes[1].clauses[0].quote",
            "“c” does not stand",
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
        ("  - kind: vision\n    ref: V\n    wording: A\n    ? [a]\n    : b\n", "nodes[1]", "where a name belongs"),
        ("  - kind: vision\n    ref: V\n    wording: A\n    oops\n", "", "a name without a colon"),
    ],
)
def test_broken_node_is_refused(added: str, path: str, what: str) -> None:
    problems = refused((PLAN + added).encode())
    assert [(problem.path, what in problem.what) for problem in problems][:1] == [(path, True)]


def test_all_problems_are_found_at_once_in_the_order_of_the_file() -> None:
    broken = PLAN.replace("status: draft", "status: final").replace("value: 12", "value: twelve")
    broken = broken.replace("by: 2028-03-31", "by: soon\n    onwer: Someone")
    problems = refused(broken.encode())
    assert [problem.path for problem in problems] == [
        "status",
        "nodes[0].baseline.value",
        "nodes[0].by",
        "nodes[0].onwer",
    ]


def test_message_is_for_people() -> None:
    with pytest.raises(PlanFileError) as caught:
        read_plan(changed("status: draft", "status: final"), "ours.yaml")
    assert str(caught.value).splitlines() == [
        "ours.yaml: 1 problem; nothing was taken from it.",
        "  line 5, column 9, status: “final” is not on the list. "
        "Choose one of: draft, draft_in_consultation, adopted, superseded, not_stated.",
    ]


def test_a_long_list_of_problems_is_cut_short_in_words_only() -> None:
    with pytest.raises(PlanFileError) as caught:
        read_plan(PLAN.encode() + b"".join(b"x%d: 1\n" % number for number in range(80)), "ours.yaml")
    assert len(caught.value.problems) == 80
    assert str(caught.value).endswith("and 30 more.")


def test_what_yaml_would_have_turned_into_something_else_stays_text() -> None:
    plan = read_plan(changed("title: An example\nstatus", "title: No\nperiod: 2024\nstatus"), "plan.yaml")
    assert (plan.title, plan.period) == ("No", "2024")
    again = read_plan(changed('ref: "1"', "ref: 1.10"), "plan.yaml")
    assert again.nodes[0].ref == "1.10"


def test_line_breaks_are_layout_and_a_byte_order_mark_is_welcome() -> None:
    folded = PLAN.replace("end long waits for", "end long\n      waits for").replace("\n", "\r\n")
    assert read_plan(b"\xef\xbb\xbf" + folded.encode(), "plan.yaml") == read_plan(PLAN.encode(), "plan.yaml")


def test_example_reads_as_it_is_written() -> None:
    plan = read_plan(EXAMPLE.read_bytes(), EXAMPLE.name)
    assert [(node.ref, parent and parent.ref) for node, parent in plan.walk()] == [
        ("V1", None),
        ("1", None),
        ("1.1", "1"),
        ("1.2", "1"),
    ]

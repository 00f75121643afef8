"""The text report of the check, and the sentences on its result."""

from pathlib import Path

import pytest

import evenhand
from evenhand.plans.check import PlanCheck, check_plan
from evenhand.plans.reading import read_plan
from evenhand.plans.requirements import LEGAL_BASIS, PART_REQUIREMENTS, REQUIREMENTS, SCOPE
from evenhand.plans.templatetags.promises import measured_sentence, missing_only_here
from evenhand.plans.text_report import WIDTH, render_check

PLANS = Path(evenhand.__file__).parent / "demonstration" / "plans"
EXAMPLE = Path(__file__).parents[4] / "docs" / "examples" / "complete-plan.yaml"


def rendered(path: Path) -> str:
    return render_check(check_plan(read_plan(path.read_bytes(), path.name)))


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("objectives", "priorities", "headline"),
    [
        (0, 0, "0 objectives, 0 priorities"),
        (1, 1, "1 objective, 1 priority"),
        (2, 1, "2 objectives, 1 priority"),
        (1, 2, "1 objective, 2 priorities"),
    ],
)
def test_headline_has_the_right_plurals(objectives: int, priorities: int, headline: str) -> None:
    assert PlanCheck("", objectives, priorities, nodes=(), totals=()).headline() == headline


def test_the_report_has_the_headline_the_basis_the_counts_and_the_fixes() -> None:
    text = rendered(PLANS / "lcrca-equality-objectives.yaml")
    assert text.splitlines()[1] == "3 objectives, 14 priorities"
    assert SCOPE in one_line(text)
    assert LEGAL_BASIS in one_line(text)
    assert "a measure 3 of 3 14 of 14" in one_line(text)
    assert "who it is for 0 of 3 8 of 14" in one_line(text)
    assert "specific 3 of 3 5 of 14" in one_line(text)
    for requirement in REQUIREMENTS:
        assert requirement.fix in one_line(text)


def test_the_report_lists_what_is_missing_from_each_node() -> None:
    text = one_line(rendered(PLANS / "liverpool-equality-objectives-2024-2028-draft.yaml"))
    assert "Priority 4.2. use good data and actively engage with residents to meet their needs specific but" in text
    assert "missing (duty): who it is for, what will change, a measure" in text
    assert "missing (good practice): a baseline, a target, a date, an owner" in text


def test_the_report_says_when_nothing_is_missing() -> None:
    text = rendered(EXAMPLE)
    assert "Nothing is missing." in text
    assert "missing (" not in text


@pytest.mark.parametrize("path", [*sorted(PLANS.glob("*.yaml")), EXAMPLE], ids=lambda path: path.stem)
def test_lines_fit_the_terminal(path: Path) -> None:
    assert max(len(line) for line in rendered(path).splitlines()) <= WIDTH


def test_every_requirement_has_a_reason_and_a_fix_with_an_example() -> None:
    for requirement in REQUIREMENTS + PART_REQUIREMENTS:
        assert requirement.reason.endswith(".")
        assert "Example: " in requirement.fix


@pytest.mark.parametrize(
    ("with_measure", "objectives", "sentence"),
    [
        (0, 0, "There are no objectives."),
        (0, 1, "The objective does not say how it would be measured."),
        (1, 1, "The objective says how it would be measured."),
        (0, 8, "None of the 8 objectives says how it would be measured."),
        (1, 9, "1 of the 9 objectives says how it would be measured."),
        (2, 9, "2 of the 9 objectives say how they would be measured."),
        (9, 9, "All 9 objectives say how they would be measured."),
    ],
)
def test_the_sentence_on_measures_agrees_with_its_numbers(with_measure: int, objectives: int, sentence: str) -> None:
    assert measured_sentence(with_measure, objectives) == sentence


def test_what_is_missing_from_every_node_is_not_repeated_under_each() -> None:
    path = PLANS / "lcrca-equality-objectives.yaml"
    check = check_plan(read_plan(path.read_bytes(), path.name))
    assert [entry.field for entry in check.missing_from_all] == ["measure", "baseline", "target", "by", "owner"]
    repeated = {node.ref: [entry.field for entry in missing_only_here(node, check)] for node in check.nodes}
    assert repeated["1"] == []
    assert repeated["1.1"] == ["change"]
    assert repeated["1.5"] == ["for_whom", "change"]

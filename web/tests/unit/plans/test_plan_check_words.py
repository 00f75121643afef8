"""What the check says, to a terminal and to whoever counts."""

from pathlib import Path

import pytest

import evenhand
from evenhand.plans.asked import ASKED, JUDGED_ALONE, PARTS, STANDARD
from evenhand.plans.check import PlanCheck, check_plan
from evenhand.plans.reading import read_plan
from evenhand.plans.wording import WIDTH, render_check

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


def test_terminal_shows_headline_basis_counts_and_mends() -> None:
    text = rendered(PLANS / "lcrca-equality-objectives.yaml")
    assert text.splitlines()[1] == "3 objectives, 14 priorities"
    assert JUDGED_ALONE in one_line(text)
    assert STANDARD in one_line(text)
    assert "a measure 3 of 3 14 of 14" in one_line(text)
    assert "whom it is for 0 of 3 8 of 14" in one_line(text)
    assert "specific 3 of 3 5 of 14" in one_line(text)
    for asked in ASKED:
        assert asked.mend in one_line(text)


def test_terminal_shows_each_node_with_what_it_lacks() -> None:
    text = one_line(rendered(PLANS / "liverpool-equality-objectives-2024-2028-draft.yaml"))
    assert "Priority 4.2. use good data and actively engage with residents to meet their needs specific but" in text
    assert "missing (duty): whom it is for, what is to change, a measure" in text
    assert "missing (good practice): a baseline, a target, a date, an owner" in text


def test_terminal_says_so_when_nothing_is_missing() -> None:
    text = rendered(EXAMPLE)
    assert "Nothing is missing." in text
    assert "missing (" not in text


@pytest.mark.parametrize("path", [*sorted(PLANS.glob("*.yaml")), EXAMPLE], ids=lambda path: path.stem)
def test_lines_fit_the_terminal(path: Path) -> None:
    assert max(len(line) for line in rendered(path).splitlines()) <= WIDTH


def test_every_thing_asked_says_why_and_how_to_mend_it() -> None:
    for asked in ASKED + PARTS:
        assert asked.why.endswith(".")
        assert "Example: " in asked.mend

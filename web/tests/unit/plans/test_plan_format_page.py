"""docs/plan-format.md shows the example unchanged, and names every field and value of a plan file."""

import re
from pathlib import Path

import pytest

from evenhand.plans.document import KINDS, ROLES, STATUSES
from evenhand.plans.groups import GROUPS
from evenhand.plans.reading import PART_MODELS

DOCS = Path(__file__).parents[4] / "docs"
PAGE = (DOCS / "plan-format.md").read_text(encoding="utf-8")


def test_page_shows_the_example_unchanged() -> None:
    example = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    assert example[1] == (DOCS / "examples" / "complete-plan.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("part", {part.__name__: part for part in PART_MODELS.values()}.values())
def test_page_names_every_field(part: type) -> None:
    assert [name for name in part.model_fields if f"`{name}`" not in PAGE] == []


@pytest.mark.parametrize("value", [*GROUPS, *STATUSES, *KINDS, *ROLES])
def test_page_names_every_option(value: str) -> None:
    assert f"`{value}`" in PAGE

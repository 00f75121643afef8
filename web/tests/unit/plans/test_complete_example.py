"""Nothing is missing from the complete example, and if one field is removed, exactly that field is reported."""

from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml

from evenhand.plans.check import check_plan
from evenhand.plans.document import PlanDocument
from evenhand.plans.problems import PlanFileError
from evenhand.plans.reading import read_plan

EXAMPLE = Path(__file__).parents[4] / "docs" / "examples" / "complete-plan.yaml"

NODES = {"1": ("nodes", 1), "1.1": ("nodes", 1, "children", 0), "1.2": ("nodes", 1, "children", 1)}
CHECKED_FIELDS = (
    "for_whom",
    "change",
    "measure",
    "measure.definition",
    "measure.unit",
    "baseline",
    "baseline.value",
    "baseline.on",
    "baseline.source",
    "target",
    "by",
    "owner",
)
REQUIRED = (
    "format",
    "authority",
    "slug",
    "title",
    "status",
    "source",
    "nodes",
    "source.title",
    "source.publisher",
    "source.dated",
    "source.read_on",
    "source.rights",
    "nodes.1.kind",
    "nodes.1.ref",
    "nodes.1.wording",
    "nodes.1.clauses.0.id",
    "nodes.1.clauses.0.quote",
    "nodes.1.clauses.0.check",
    "nodes.1.for_whom.0.code",
    "nodes.1.for_whom.0.words",
    "nodes.1.change.words",
)
OPTIONAL = (
    "period",
    "wording_note",
    "nodes.1.role",
    "nodes.1.heading",
    "nodes.1.descriptor",
    "nodes.1.clauses",
    "nodes.1.target.note",
)


class UnquotedDumper(yaml.SafeDumper):
    """Write numbers, dates and the name “on” as in the file, without quotation marks."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


def without(*path: str | int) -> PlanDocument:
    plan: Any = yaml.load(EXAMPLE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    part = plan
    for step in path[:-1]:
        part = part[step]
    del part[path[-1]]
    text = yaml.dump(plan, Dumper=UnquotedDumper, allow_unicode=True, sort_keys=False)
    return read_plan(text.encode(), "example.yaml")


def steps(dotted: str) -> tuple[str | int, ...]:
    return tuple(int(step) if step.isdigit() else step for step in dotted.split("."))


def test_nothing_is_missing() -> None:
    check = check_plan(read_plan(EXAMPLE.read_bytes(), EXAMPLE.name))
    assert check.headline() == "1 objective, 2 priorities"
    assert check.complete()
    assert all((total.objectives, total.priorities) == (1, 2) for total in check.totals)


@pytest.mark.parametrize("ref", NODES)
@pytest.mark.parametrize("field", CHECKED_FIELDS)
def test_exactly_the_removed_field_is_reported(ref: str, field: str) -> None:
    check = check_plan(without(*NODES[ref], *field.split(".")))
    all_missing = [(node.ref, missing) for node in check.nodes for missing in node.missing]
    assert [(node_ref, missing.field) for node_ref, missing in all_missing] == [(ref, field)]
    missing = all_missing[0][1]
    duty = field.partition(".")[0] in {"for_whom", "change", "measure"}
    assert str(missing.kind) == ("duty" if duty else "good practice")
    assert missing.reason
    assert "Example: " in missing.fix
    node = next(node for node in check.nodes if node.ref == ref)
    assert node.specific is (field not in {"for_whom", "change"})
    assert node.measurable is not field.startswith("measure")


@pytest.mark.parametrize("field", CHECKED_FIELDS)
def test_an_incomplete_field_does_not_count_as_given(field: str) -> None:
    whole = field.partition(".")[0]
    for total in check_plan(without(*NODES["1.1"], *field.split("."))).totals:
        verdict = {"for_whom": "specific", "change": "specific", "measure": "measurable"}.get(whole)
        is_affected = total.field in (whole, verdict)
        assert (total.field, total.objectives, total.priorities) == (total.field, 1, 1 if is_affected else 2)


def test_a_note_about_a_target_is_not_a_target() -> None:
    check = check_plan(without(*NODES["1"], "target", "value"))
    assert [(node.ref, missing.field) for node in check.nodes for missing in node.missing] == [("1", "target")]


@pytest.mark.parametrize("dotted", REQUIRED)
def test_a_missing_required_field_is_named(dotted: str) -> None:
    with pytest.raises(PlanFileError) as error:
        without(*steps(dotted))
    name = dotted.rpartition(".")[2]
    assert any(problem.description == f"“{name}” is missing" and problem.fix for problem in error.value.problems)


@pytest.mark.parametrize("dotted", OPTIONAL)
def test_an_optional_field_can_be_left_out(dotted: str) -> None:
    assert check_plan(without(*steps(dotted))).complete()


def test_the_measures_of_an_objective_and_its_priorities_do_not_count_for_each_other() -> None:
    for ref, path in NODES.items():
        check = check_plan(without(*path, "measure"))
        assert [node.ref for node in check.nodes if not node.measurable] == [ref]


def test_zero_is_a_target_and_a_baseline() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert "      value: 0\n" in text
    zero = text.replace("      value: 23\n", "      value: 0\n")
    assert zero != text
    assert check_plan(read_plan(zero.encode(), EXAMPLE.name)).complete()

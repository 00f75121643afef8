"""Check whether each objective and priority is specific and measurable by its own words, and list what is missing.

A parent's measure does not count for its children, and a child's measure does not count for its parent.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evenhand.plans.document import Baseline, Node, NodeMeasure, PlanDocument
from evenhand.plans.requirements import (
    LEGAL_BASIS,
    PART_REQUIREMENTS,
    REQUIREMENTS,
    SCOPE,
    Requirement,
    RequirementKind,
)

SPECIFIC = ("for_whom", "change")
MEASURABLE = ("measure",)

_BY_FIELD = {requirement.field: requirement for requirement in REQUIREMENTS + PART_REQUIREMENTS}
_ORDER = [requirement.field for requirement in REQUIREMENTS]


@dataclass(frozen=True)
class NodeCheck:
    ref: str
    kind: str
    heading: str
    wording: str
    missing: tuple[Requirement, ...]
    specific: bool
    measurable: bool

    def lacks(self, field: str) -> bool:
        """Return whether the field is missing or incomplete: a measure without a unit counts as missing."""
        return any(requirement.field.partition(".")[0] == field for requirement in self.missing)


@dataclass(frozen=True)
class FieldTotal:
    """How many objectives and priorities have the field."""

    field: str
    label: str
    kind: RequirementKind
    objectives: int
    priorities: int


@dataclass(frozen=True)
class PlanCheck:
    title: str
    objectives: int
    priorities: int
    nodes: tuple[NodeCheck, ...]
    totals: tuple[FieldTotal, ...]
    scope: str = SCOPE
    legal_basis: str = LEGAL_BASIS

    def headline(self) -> str:
        objectives = _count(self.objectives, "objective", "objectives")
        return f"{objectives}, {_count(self.priorities, 'priority', 'priorities')}"

    def total(self, field: str) -> FieldTotal:
        """Return the total of a field of REQUIREMENTS, or of “specific” or “measurable”."""
        return next(total for total in self.totals if total.field == field)

    def complete(self) -> bool:
        return not any(node.missing for node in self.nodes)

    @property
    def with_measure(self) -> int:
        """The number of objectives that have a measure."""
        return self.total("measure").objectives

    @property
    def missing(self) -> tuple[Requirement, ...]:
        """Everything that is missing from any node, once each."""
        distinct = dict.fromkeys(requirement for node in self.nodes for requirement in node.missing)
        return tuple(sorted(distinct, key=lambda requirement: _ORDER.index(requirement.field.partition(".")[0])))

    @property
    def missing_from_all(self) -> tuple[Requirement, ...]:
        """What is missing from every node of a plan with more than one, so that a page can list it once."""
        if len(self.nodes) < 2:
            return ()
        return tuple(entry for entry in self.missing if all(entry in node.missing for node in self.nodes))


def check_plan(document: PlanDocument) -> PlanCheck:
    nodes = tuple(check_node(node) for node, _ in document.walk() if node.kind in {"objective", "priority"})
    return PlanCheck(
        title=document.title,
        objectives=sum(node.kind == "objective" for node in nodes),
        priorities=sum(node.kind == "priority" for node in nodes),
        nodes=nodes,
        totals=tuple(_totals(nodes)),
    )


def check_node(node: Node) -> NodeCheck:
    missing = tuple(_BY_FIELD[field] for field in _missing_fields(node))
    fields = {requirement.field.partition(".")[0] for requirement in missing}
    return NodeCheck(
        ref=node.ref,
        kind=node.kind,
        heading=node.heading,
        wording=node.wording,
        missing=missing,
        specific=fields.isdisjoint(SPECIFIC),
        measurable=fields.isdisjoint(MEASURABLE),
    )


def _missing_fields(node: Node) -> Iterator[str]:
    if not node.for_whom:
        yield "for_whom"
    if node.change is None:
        yield "change"
    yield from _missing_parts("measure", node.measure)
    yield from _missing_parts("baseline", node.baseline)
    if node.target is None or node.target.value is None:
        yield "target"
    if node.by is None:
        yield "by"
    if not node.owner:
        yield "owner"


def _missing_parts(name: str, value: NodeMeasure | Baseline | None) -> Iterator[str]:
    """Yield the name if nothing of it is given, otherwise each part that is missing. Zero counts as a value."""
    parts = dict(value) if value else {}
    missing = [part for part, content in parts.items() if content is None or content == ""]
    if len(missing) == len(parts):
        yield name
    else:
        yield from (f"{name}.{part}" for part in missing)


def _totals(nodes: Iterable[NodeCheck]) -> Iterator[FieldTotal]:
    all_nodes = tuple(nodes)

    def total(field: str, label: str, kind: RequirementKind, having: list[NodeCheck]) -> FieldTotal:
        objectives = sum(node.kind == "objective" for node in having)
        return FieldTotal(field, label, kind, objectives, len(having) - objectives)

    for requirement in REQUIREMENTS:
        having = [node for node in all_nodes if not node.lacks(requirement.field)]
        yield total(requirement.field, requirement.label, requirement.kind, having)
    duty = RequirementKind.DUTY
    yield total("specific", "specific", duty, [node for node in all_nodes if node.specific])
    yield total("measurable", "measurable", duty, [node for node in all_nodes if node.measurable])


def _count(number: int, singular: str, plural: str) -> str:
    return f"{number} {singular if number == 1 else plural}"

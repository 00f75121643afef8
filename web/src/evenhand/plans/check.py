"""Is each objective and priority specific and measurable, by its own words, and if not, what is missing?

A parent's measure does not count for its children, nor theirs for it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evenhand.plans.asked import ASKED, JUDGED_ALONE, PARTS, STANDARD, Column
from evenhand.plans.document import Baseline, Measure, Node, PlanDocument

SPECIFIC = ("for_whom", "change")
MEASURABLE = ("measure",)

_ASKED = {asked.field: asked for asked in ASKED + PARTS}


@dataclass(frozen=True)
class Missing:
    field: str
    column: Column
    label: str
    why: str
    mend: str


@dataclass(frozen=True)
class NodeCheck:
    ref: str
    kind: str
    heading: str
    wording: str
    missing: tuple[Missing, ...]
    specific: bool
    measurable: bool

    def lacks(self, field: str) -> bool:
        """Wholly or in part: a measure without a unit is a measure that is missing."""
        return any(missing.field.partition(".")[0] == field for missing in self.missing)


@dataclass(frozen=True)
class Total:
    """How many objectives and priorities have it."""

    field: str
    label: str
    column: Column
    objectives: int
    priorities: int


@dataclass(frozen=True)
class PlanCheck:
    title: str
    objectives: int
    priorities: int
    nodes: tuple[NodeCheck, ...]
    totals: tuple[Total, ...]
    judged_alone: str = JUDGED_ALONE
    standard: str = STANDARD

    def headline(self) -> str:
        return f"{_count(self.objectives, 'objective', 'objectives')}, {self._priorities()}"

    def total(self, field: str) -> Total:
        """One of the seven fields of ASKED, or “specific” or “measurable”."""
        return next(total for total in self.totals if total.field == field)

    def complete(self) -> bool:
        return not any(node.missing for node in self.nodes)

    def _priorities(self) -> str:
        return _count(self.priorities, "priority", "priorities")


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
    missing = tuple(
        Missing(asked.field, asked.column, asked.label, asked.why, asked.mend)
        for asked in (_ASKED[field] for field in _absent(node))
    )
    absent = {entry.field.partition(".")[0] for entry in missing}
    return NodeCheck(
        ref=node.ref,
        kind=node.kind,
        heading=node.heading,
        wording=node.wording,
        missing=missing,
        specific=absent.isdisjoint(SPECIFIC),
        measurable=absent.isdisjoint(MEASURABLE),
    )


def _absent(node: Node) -> Iterator[str]:
    if not node.for_whom:
        yield "for_whom"
    if node.change is None:
        yield "change"
    yield from _absent_from("measure", node.measure)
    yield from _absent_from("baseline", node.baseline)
    if node.target is None or node.target.value is None:
        yield "target"
    if node.by is None:
        yield "by"
    if not node.owner:
        yield "owner"


def _absent_from(whole: str, part: Measure | Baseline | None) -> Iterator[str]:
    """The whole if nothing of it is there, else each field that is not. Zero is a value."""
    values = dict(part) if part else {}
    absent = [name for name, value in values.items() if value is None or value == ""]
    if len(absent) == len(values):
        yield whole
    else:
        yield from (f"{whole}.{name}" for name in absent)


def _totals(nodes: Iterable[NodeCheck]) -> Iterator[Total]:
    counted = tuple(nodes)

    def total(field: str, label: str, column: Column, having: list[NodeCheck]) -> Total:
        objectives = sum(node.kind == "objective" for node in having)
        return Total(field, label, column, objectives, len(having) - objectives)

    for asked in ASKED:
        having = [node for node in counted if not node.lacks(asked.field)]
        yield total(asked.field, asked.label, asked.column, having)
    yield total("specific", "specific", Column.DUTY, [node for node in counted if node.specific])
    yield total("measurable", "measurable", Column.DUTY, [node for node in counted if node.measurable])


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"

"""The check as plain text, for the terminal and the post."""

from collections.abc import Iterator
from textwrap import fill

from evenhand.plans.asked import ASKED, Column
from evenhand.plans.check import NodeCheck, PlanCheck

WIDTH = 92
COLUMNS = {
    Column.DUTY: "What regulation 5 asks of an objective",
    Column.GOOD_PRACTICE: "Good practice",
}


def render_check(check: PlanCheck) -> str:
    parts = [
        check.title,
        check.headline(),
        "",
        fill(check.judged_alone, WIDTH),
        fill(check.standard, WIDTH),
        "",
    ]
    parts += [*_table(check), "", *_mends(check), *_nodes(check)]
    return "\n".join(parts).rstrip() + "\n"


def _table(check: PlanCheck) -> Iterator[str]:
    yield f"{'Missing in':<42}{'objectives':>14}{'priorities':>14}"
    for column, title in COLUMNS.items():
        yield title
        for total in check.totals:
            if total.column is column and total.field not in {"specific", "measurable"}:
                yield _row(
                    total.label,
                    check.objectives - total.objectives,
                    check.priorities - total.priorities,
                    check,
                )
    yield "What they are"
    for field in ("specific", "measurable"):
        total = check.total(field)
        yield _row(total.label, total.objectives, total.priorities, check)


def _row(label: str, objectives: int, priorities: int, check: PlanCheck) -> str:
    of_objectives, of_priorities = (
        f"{objectives} of {check.objectives}",
        f"{priorities} of {check.priorities}",
    )
    return f"  {label:<40}{of_objectives:>14}{of_priorities:>14}"


def _mends(check: PlanCheck) -> Iterator[str]:
    """Each once: a plan of a hundred priorities needs the same advice a hundred times."""
    found = {missing.field: missing for node in check.nodes for missing in node.missing}
    if not found:
        yield "Nothing is missing."
        yield ""
        return
    yield "How to mend what is missing"
    order = [asked.field for asked in ASKED]
    for field in sorted(found, key=lambda name: order.index(name.partition(".")[0])):
        missing = found[field]
        yield fill(
            f"{missing.label}: {missing.why} {missing.mend}",
            WIDTH,
            initial_indent="  ",
            subsequent_indent="    ",
        )
    yield ""


def _nodes(check: PlanCheck) -> Iterator[str]:
    for node in check.nodes:
        indent = "" if node.kind == "objective" else "  "
        said = f"{node.kind.capitalize()} {node.ref}. {node.heading or node.wording}"
        yield fill(said, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ")
        yield f"{indent}  {_verdict(node)}"
        for column in Column:
            labels = [missing.label for missing in node.missing if missing.column is column]
            if labels:
                line = f"missing ({column}): {', '.join(labels)}"
                yield fill(line, WIDTH, initial_indent=f"{indent}  ", subsequent_indent=f"{indent}    ")
        yield ""


def _verdict(node: NodeCheck) -> str:
    specific = "specific" if node.specific else "not specific"
    measurable = "measurable" if node.measurable else "not measurable"
    joint = "and" if node.specific == node.measurable else "but"
    return f"{specific} {joint} {measurable}"

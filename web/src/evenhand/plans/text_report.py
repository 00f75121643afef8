"""The result of the check as plain text, for the terminal and for e-mail."""

from collections.abc import Iterator
from textwrap import fill

from evenhand.plans.check import NodeCheck, PlanCheck
from evenhand.plans.requirements import RequirementKind

WIDTH = 92
TITLES = {
    RequirementKind.DUTY: "Our reading of regulation 5",
    RequirementKind.GOOD_PRACTICE: "Good practice",
}


def render_check(check: PlanCheck) -> str:
    parts = [
        check.title,
        check.headline(),
        "",
        fill(check.scope, WIDTH),
        fill(check.legal_basis, WIDTH),
        "",
    ]
    parts += [*_table(check), "", *_fixes(check), *_nodes(check)]
    return "\n".join(parts).rstrip() + "\n"


def _table(check: PlanCheck) -> Iterator[str]:
    yield f"{'Missing from':<42}{'objectives':>14}{'priorities':>14}"
    for kind, title in TITLES.items():
        yield title
        for total in check.totals:
            if total.kind is kind and total.field not in {"specific", "measurable"}:
                yield _row(
                    total.label,
                    check.objectives - total.objectives,
                    check.priorities - total.priorities,
                    check,
                )
    yield "Result"
    for field in ("specific", "measurable"):
        total = check.total(field)
        yield _row(total.label, total.objectives, total.priorities, check)


def _row(label: str, objectives: int, priorities: int, check: PlanCheck) -> str:
    of_objectives, of_priorities = (
        f"{objectives} of {check.objectives}",
        f"{priorities} of {check.priorities}",
    )
    return f"  {label:<40}{of_objectives:>14}{of_priorities:>14}"


def _fixes(check: PlanCheck) -> Iterator[str]:
    """Each piece of advice once, however many nodes it applies to."""
    if not check.missing:
        yield "Nothing is missing."
        yield ""
        return
    yield "How to fix what is missing"
    for requirement in check.missing:
        yield fill(
            f"{requirement.label}: {requirement.reason} {requirement.fix}",
            WIDTH,
            initial_indent="  ",
            subsequent_indent="    ",
        )
    yield ""


def _nodes(check: PlanCheck) -> Iterator[str]:
    for node in check.nodes:
        indent = "" if node.kind == "objective" else "  "
        heading = f"{node.kind.capitalize()} {node.ref}. {node.heading or node.wording}"
        yield fill(heading, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ")
        yield f"{indent}  {_verdict(node)}"
        for kind in RequirementKind:
            labels = [requirement.label for requirement in node.missing if requirement.kind is kind]
            if labels:
                line = f"missing ({kind}): {', '.join(labels)}"
                yield fill(line, WIDTH, initial_indent=f"{indent}  ", subsequent_indent=f"{indent}    ")
        yield ""


def _verdict(node: NodeCheck) -> str:
    specific = "specific" if node.specific else "not specific"
    measurable = "measurable" if node.measurable else "not measurable"
    conjunction = "and" if node.specific == node.measurable else "but"
    return f"{specific} {conjunction} {measurable}"

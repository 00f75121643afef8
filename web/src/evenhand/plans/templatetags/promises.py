"""Template filters and tags for plans, on public and staff pages."""

from typing import Any

from django import template
from django.utils.translation import gettext, ngettext

from evenhand.plans.check import NodeCheck, PlanCheck
from evenhand.plans.groups import GROUPS
from evenhand.plans.requirements import Requirement

register = template.Library()


@register.filter
def group_label(code: str) -> str:
    """Return the label of the group with this code."""
    return GROUPS[code].label


@register.filter
def get(mapping: dict[str, Any], key: str) -> Any:
    return mapping.get(key)


@register.filter
def missing_only_here(node: NodeCheck, check: PlanCheck) -> list[Requirement]:
    """Return what is missing from this node, without what is missing from all nodes of the plan."""
    shared = check.missing_from_all
    return [requirement for requirement in node.missing if requirement not in shared]


@register.simple_tag
def measured_sentence(with_measure: int, objectives: int) -> str:
    """Return one whole sentence that says how many objectives have a measure."""
    numbers = {"count": with_measure, "all": objectives}
    if objectives == 0:
        return gettext("There are no objectives.")
    if objectives == 1 and with_measure == 1:
        return gettext("The objective says how it would be measured.")
    if objectives == 1:
        return gettext("The objective does not say how it would be measured.")
    if with_measure == 0:
        return gettext("None of the %(all)d objectives says how it would be measured.") % numbers
    if with_measure == objectives:
        return gettext("All %(all)d objectives say how they would be measured.") % numbers
    return (
        ngettext(
            "%(count)d of the %(all)d objectives says how it would be measured.",
            "%(count)d of the %(all)d objectives say how they would be measured.",
            with_measure,
        )
        % numbers
    )

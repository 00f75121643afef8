"""The register of actions."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evenhand.action_plan.models import OPEN_STATES, Action
from evenhand.action_plan.permissions import EDIT_ACTIONS
from evenhand.action_plan.sheet import COLUMNS, RESPONSIBLE_POST, STATE_WORDS
from evenhand.authorities.permissions import SEE_DRAFTS
from evenhand.registers.models import Post, current_posts
from evenhand.registers.register import Column, Register, RegisterWords, register
from evenhand.registers.states import State, States, Transition

STATES = States(
    (
        State("planned", _("Planned")),
        State("in_progress", _("In progress")),
        State("blocked", _("Blocked")),
        State("done", _("Done")),
        State("stopped", _("Stopped"), is_final=True),
    ),
    (
        Transition("start", ("planned", "blocked"), "in_progress", EDIT_ACTIONS, _("Start"), _("Action started")),
        Transition(
            "block",
            ("planned", "in_progress"),
            "blocked",
            EDIT_ACTIONS,
            _("Mark as blocked"),
            _("Action marked as blocked"),
            needs_reason=True,
        ),
        Transition("finish", ("in_progress",), "done", EDIT_ACTIONS, _("Mark as done"), _("Action marked as done")),
        Transition(
            "reopen",
            ("done",),
            "in_progress",
            EDIT_ACTIONS,
            _("Reopen"),
            _("Action reopened"),
            needs_reason=True,
        ),
        Transition(
            "stop",
            OPEN_STATES,
            "stopped",
            EDIT_ACTIONS,
            _("Stop permanently"),
            _("Action stopped"),
            needs_reason=True,
            is_destructive=True,
        ),
    ),
)


class ActionFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES.choices, empty_label=_("Any"))
    owner = django_filters.ModelChoiceFilter(label=_("Post"), queryset=Post.objects.all(), empty_label=_("Any"))
    late = django_filters.ChoiceFilter(
        label=_("Late"), choices=[("yes", _("Late")), ("no", _("Not late"))], empty_label=_("Any"), method="only_late"
    )

    def only_late(self, actions: QuerySet[Action], _name: str, value: str) -> QuerySet[Action]:
        late = Q(state__in=OPEN_STATES, due_last__lt=timezone.localdate())
        return actions.filter(late) if value == "yes" else actions.exclude(late)


def _state(action: Any) -> str:
    label = str(STATES[action.state].label)
    return f"{label}, {_('late')}" if action.is_late(timezone.localdate()) else label


ACTIONS = register(
    Register(
        key="action",
        namespace="action_plan",
        model=Action,
        words=RegisterWords(
            item=_("action"),
            items=_("actions"),
            introduction=_("What you are doing to meet your objectives, who is responsible, and by when."),
            add=_("Add an action"),
            added=_("Action added"),
            changed=_("Action changed"),
            moved=_("Changed the state of an action"),
            empty=_("There are no actions yet. Add the first one: what will be done, by whom and by when."),
        ),
        see=SEE_DRAFTS,
        edit=EDIT_ACTIONS,
        fields=("plan_number", "wording", "owner", "due", "partners", "money", "blocked_by"),
        columns=(
            Column("reference", _("Reference"), lambda action: action.reference, sort="number"),
            Column("plan_number", _("Number in your plan"), lambda action: action.plan_number, only_in_file=True),
            Column("wording", _("What will be done"), lambda action: action.wording),
            Column("owner", RESPONSIBLE_POST, lambda action: action.owner, sort="owner__title"),
            Column("due", _("By when"), lambda action: action.due, sort="due_last"),
            Column("state", _("State"), _state, sort="state"),
            Column("partners", _("Partners"), lambda action: action.partners, only_in_file=True),
            Column("money", _("Money"), lambda action: action.money, only_in_file=True),
            Column("blocked_by", _("Blocked by"), lambda action: action.blocked_by, only_in_file=True),
        ),
        filters=ActionFilter,
        states=STATES,
        search=("plan_number", "wording", "partners", "blocked_by"),
        related=("owner",),
        choices={"owner": current_posts},
        labels={"owner": RESPONSIBLE_POST},
        sheet_columns=COLUMNS,
        sheet_key="plan_number",
        sheet_name_field="wording",
        state_words=STATE_WORDS,
    )
)

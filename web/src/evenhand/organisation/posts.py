"""The register of posts."""

import django_filters
from django.utils.translation import gettext_lazy as _

from evenhand.authorities.models import Unit
from evenhand.authorities.queries import open_units, working_at
from evenhand.organisation.permissions import EDIT_POSTS
from evenhand.registers.models import Post
from evenhand.registers.register import Column, Register, RegisterWords, register
from evenhand.registers.sheets.columns import SheetColumn, one_of
from evenhand.registers.states import State, States, Transition

STATES = States(
    (State("current", _("Current")), State("ended", _("Ended"), is_final=True)),
    (
        Transition(
            "end",
            ("current",),
            "ended",
            EDIT_POSTS,
            label=_("End the post"),
            done=_("Post ended. What it answered for needs another post."),
            needs_reason=True,
            is_destructive=True,
        ),
    ),
)


_NAME = _("Name of a holder without an account")
_EMAIL = _("Email of a holder without an account")
_NO_SUCH_UNIT = _("There is no unit called “%(text)s”. Add it under Units, or leave the cell empty.")
SHEET_COLUMNS = (
    SheetColumn("title", _("Post"), ("Title", "Job title", "Title of the post", "Role")),
    SheetColumn("unit", _("Unit"), ("Service", "Team", "Directorate"), one_of(open_units, "name", _NO_SUCH_UNIT)),
    SheetColumn("contact_name", _NAME, ("Name", "Contact")),
    SheetColumn("contact_email", _EMAIL, ("Email", "E-mail", "Email address")),
)


class PostFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES.choices, empty_label=_("Any"))
    unit = django_filters.ModelChoiceFilter(
        label=_("Unit"), queryset=Unit.objects.filter(closed_on=None), empty_label=_("Any")
    )


POSTS = register(
    Register(
        key="post",
        namespace="organisation",
        model=Post,
        words=RegisterWords(
            item=_("post"),
            items=_("posts"),
            introduction=_(
                "Each action has a responsible post. When someone leaves, choose the new post holder here, once."
            ),
            add=_("Add a post"),
            added=_("Post added"),
            changed=_("Post changed"),
            moved=_("Changed the state of a post"),
            empty=_("There are no posts yet. Add the posts that are responsible for your actions."),
        ),
        see=None,
        edit=EDIT_POSTS,
        fields=("title", "unit", "holder", "contact_name", "contact_email"),
        columns=(
            Column("title", _("Post"), lambda post: post.title, sort="title"),
            Column("unit", _("Unit"), lambda post: post.unit, sort="unit__name"),
            Column("holder", _("Held by"), lambda post: post.holder_name),
            Column("contact_name", _NAME, lambda post: post.contact_name, only_in_file=True),
            Column("contact_email", _EMAIL, lambda post: post.contact_email, only_in_file=True),
            Column("state", _("State"), lambda post: STATES[post.state].label, sort="state"),
        ),
        filters=PostFilter,
        states=STATES,
        search=("title", "contact_name"),
        related=("unit", "holder"),
        choices={"unit": open_units, "holder": working_at},
        sheet_columns=SHEET_COLUMNS,
        sheet_key="title",
        sheet_name_field="title",
    )
)

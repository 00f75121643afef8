"""Which columns of a sheet are which fields of an action."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.authorities.models import Authority
from evenhand.registers.models import Post
from evenhand.registers.sheets.checking import REFERENCE, STATE
from evenhand.registers.sheets.columns import SheetColumn, UnknownText


def _post(authority: Authority, text: str) -> Post | None:
    if not text:
        return None
    post = Post.objects.filter(authority=authority, state="current", title__iexact=text).first()
    if post is None:
        raise UnknownText(
            _("There is no post called “%(text)s”. Add it under Posts, or leave the cell empty.") % {"text": text}
        )
    return post


COLUMNS = (
    SheetColumn(REFERENCE, gettext_lazy("Reference")),
    SheetColumn("plan_number", gettext_lazy("Number in your plan"), ("Number", "No", "Ref", "ID", "Action number")),
    SheetColumn(
        "wording",
        gettext_lazy("What will be done"),
        ("Action", "Actions", "Description", "What we will do", "Activity", "Title"),
    ),
    SheetColumn(
        "owner",
        gettext_lazy("Post that answers for it"),
        ("Owner", "Lead", "Lead officer", "Responsible", "Responsible officer", "Contact post", "Lead service"),
        _post,
    ),
    SheetColumn(
        "due",
        gettext_lazy("By when"),
        ("Due", "Due date", "Deadline", "Target date", "Timescale", "Timescales", "End", "End date", "Completion date"),
    ),
    SheetColumn(STATE, gettext_lazy("State"), ("Status", "Progress")),
    SheetColumn("partners", gettext_lazy("Partners"), ("Partner",)),
    SheetColumn("money", gettext_lazy("Money"), ("Budget", "Cost", "Resources", "Funding")),
    SheetColumn("blocked_by", gettext_lazy("Blocked by"), ("Blocker", "Barriers", "Dependencies")),
)
STATE_WORDS = {
    "planned": ("not started", "to do", "not yet started"),
    "in_progress": ("on track", "underway", "under way", "started", "ongoing"),
    "done": ("complete", "completed", "closed", "achieved", "finished"),
    "blocked": ("on hold", "paused"),
    "stopped": ("cancelled", "withdrawn", "discontinued"),
}

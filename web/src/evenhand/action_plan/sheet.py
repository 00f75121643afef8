"""Which columns of a sheet are which fields of an action."""

from django.utils.translation import gettext_lazy

from evenhand.registers.models import current_posts
from evenhand.registers.sheets.columns import REFERENCE, STATE, SheetColumn, one_of

_NO_SUCH_POST = gettext_lazy("There is no post called “%(text)s”. Add it under Posts, or leave the cell empty.")
RESPONSIBLE_POST = gettext_lazy("Responsible post")
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
        RESPONSIBLE_POST,
        ("Owner", "Lead", "Lead officer", "Responsible", "Responsible officer", "Contact post", "Lead service"),
        one_of(current_posts, "title", _NO_SUCH_POST),
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

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    DRAFT = "draft", _("Draft")
    PROTECTED = "protected", _("Protected")
    CHECKED = "checked", _("Checked")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")


# The whole life of a publication. `docs/generated/publication-states.md` is drawn from this.
TRANSITIONS: dict[tuple[State, State], str] = {
    (State.DRAFT, State.PROTECTED): "protect",
    (State.PROTECTED, State.CHECKED): "check",
    (State.CHECKED, State.APPROVED): "approve",
    (State.APPROVED, State.PUBLISHED): "publish",
    (State.PROTECTED, State.DRAFT): "reopen",
    (State.CHECKED, State.DRAFT): "reopen",
    (State.APPROVED, State.DRAFT): "reopen",
}


class Group(TextChoices):
    ANSWERED = "answered", _("Answered")
    NOT_KNOWN = "not_known", _("Answer not known")


class Why(TextChoices):
    """Why a figure is hidden. Not for the public: that a count is small says much of it."""

    SMALL = "small", _("small count")
    BESIDE = "beside", _("would give another away")
    OUT = "out", _("is out hidden already")

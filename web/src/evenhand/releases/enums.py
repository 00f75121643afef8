from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReleaseState(TextChoices):
    DRAFT = "draft", _("Draft")
    PROTECTED = "protected", _("Protected")
    CHECKED = "checked", _("Checked")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")


# The life cycle of a publication. `docs/generated/publication-states.md` is generated from it.
TRANSITIONS: dict[tuple[ReleaseState, ReleaseState], str] = {
    (ReleaseState.DRAFT, ReleaseState.PROTECTED): "protect",
    (ReleaseState.PROTECTED, ReleaseState.CHECKED): "check",
    (ReleaseState.CHECKED, ReleaseState.APPROVED): "approve",
    (ReleaseState.APPROVED, ReleaseState.PUBLISHED): "publish",
    (ReleaseState.PROTECTED, ReleaseState.DRAFT): "reopen",
    (ReleaseState.CHECKED, ReleaseState.DRAFT): "reopen",
    (ReleaseState.APPROVED, ReleaseState.DRAFT): "reopen",
}


class AnswerGroup(TextChoices):
    ANSWERED = "answered", _("Answered")
    NOT_KNOWN = "not_known", _("Answer not known")


class RowSuppressionReason(TextChoices):
    """Why a figure is suppressed. Must not be published, because it would show that a count is small."""

    PRIMARY = "small", _("small count")
    SECONDARY = "beside", _("could reveal another figure")
    PRIOR = "out", _("already hidden in a published table")

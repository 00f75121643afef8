from datetime import date
from typing import ClassVar

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from evenhand.records.classification import PUBLIC, Classification
from evenhand.records.retention import Retention
from evenhand.registers.models import Dated, Numbered, Post, Record, Stateful

LONGEST_WORDING = 2_000
OPEN_STATES = ("planned", "in_progress", "blocked")


class Action(Numbered, Stateful, Dated, Record):
    """Something that an authority will do, by when, and which post answers for it."""

    plan_number = models.CharField(
        _("number in your plan"), max_length=20, blank=True, help_text=_("For example 1.1, if your plan has numbers.")
    )
    wording = models.TextField(
        _("what will be done"),
        max_length=LONGEST_WORDING,
        validators=[MaxLengthValidator(LONGEST_WORDING)],
        help_text=_("Begin with a verb: “Publish …”, “Offer …”, “Train …”."),
    )
    owner = models.ForeignKey(
        Post,
        verbose_name=_("post that answers for it"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="actions",
    )
    partners = models.CharField(_("partners"), max_length=500, blank=True, help_text=_("Organisations, not people."))
    money = models.CharField(_("money"), max_length=200, blank=True, help_text=_("For example £20,000, or staff time."))
    blocked_by = models.CharField(
        _("blocked by"), max_length=500, blank=True, help_text=_("What must happen first, if anything. Name nobody.")
    )

    classified: ClassVar[dict[str, Classification]] = {
        **Record.record_classes,
        **Numbered.number_classes,
        **Stateful.state_classes,
        **Dated.date_classes,
        "plan_number": PUBLIC,
        "wording": PUBLIC,
        "owner": PUBLIC,
        "partners": PUBLIC,
        "money": PUBLIC,
        "blocked_by": PUBLIC,
    }
    retention: ClassVar[Retention] = Retention(reason="permanently, because it shows what was promised and done")
    number_prefix: ClassVar[str] = "ACT"

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "number"], name="action_number_once"),
            models.UniqueConstraint(
                fields=["authority", "plan_number"],
                condition=~models.Q(plan_number=""),
                name="plan_number_once",
                violation_error_message="Another action has this number in your plan.",
            ),
        ]

    def __str__(self) -> str:
        words = self.wording if len(self.wording) <= 80 else f"{self.wording[:79].rstrip()}…"
        words = words.removesuffix(".")  # sentences go on after the name
        return f"{self.reference}: {words}"

    def is_late(self, today: date) -> bool:
        return self.state in OPEN_STATES and self.due_last is not None and self.due_last < today

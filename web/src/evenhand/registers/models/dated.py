from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from evenhand.records.classification import PUBLIC, Classification
from evenhand.registers.dates import LONGEST, DateKind, UnreadableDate, WrittenDate, read_date


class Dated(models.Model):
    """A date by which something is to be done, as it was written and as it is meant. Empty if none was given."""

    due = models.CharField(
        _("By when"),
        max_length=LONGEST,
        blank=True,
        help_text=_("For example 31 March 2026, March 2026, Q2 2026/27, 2026/27, ongoing, every March."),
    )
    due_kind = models.CharField(max_length=20, choices=DateKind.choices, blank=True, editable=False)
    due_first = models.DateField(null=True, editable=False)
    due_last = models.DateField(null=True, editable=False)

    date_classes: ClassVar[dict[str, Classification]] = {
        "due": PUBLIC,
        "due_kind": PUBLIC,
        "due_first": PUBLIC,
        "due_last": PUBLIC,
    }

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        self.due_kind, self.due_first, self.due_last = "", None, None
        if not self.due.strip():
            self.due = ""
            return
        try:
            written = read_date(self.due)
        except UnreadableDate as error:
            raise ValidationError({"due": str(error)}) from error
        self.due, self.due_kind = written.words, written.kind
        self.due_first, self.due_last = written.first, written.last

    @property
    def due_date(self) -> WrittenDate | None:
        return WrittenDate(self.due, DateKind(self.due_kind), self.due_first, self.due_last) if self.due else None

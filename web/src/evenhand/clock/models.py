from typing import ClassVar

from django.db import models

from evenhand.authorities.models import Authority
from evenhand.clock.calculation import StoppedClock
from evenhand.clock.enums import PauseReason, Unit
from evenhand.clock.rules import Length
from evenhand.records.classification import PUBLIC, Classification
from evenhand.records.identity import new_id
from evenhand.records.retention import Retention


class HolidayChange(models.Model):
    """An authority's correction of the bank holidays: a day that is one, or is none after all."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="holiday_changes")
    day = models.DateField()
    name = models.CharField(max_length=100)
    is_holiday = models.BooleanField(help_text="False if the calendar has a holiday on this day by mistake.")

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "authority": PUBLIC,
        "day": PUBLIC,
        "name": PUBLIC,
        "is_holiday": PUBLIC,
    }
    retention: ClassVar[Retention] = Retention(reason="permanently, because deadlines were worked out with it")

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["authority", "day"], name="one_change_of_a_day")]

    def __str__(self) -> str:
        return f"{self.name}, {self.day:%d %B %Y}"


class Pause(models.Model):
    """The time for which the clock of a record was stopped. It begins on the day on which it is recorded."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=100)
    subject_id = models.UUIDField()
    begins = models.DateField(help_text="The first day that does not count.")
    ends = models.DateField(null=True, help_text="The first day that counts again.")
    reason = models.CharField(max_length=20, choices=PauseReason.choices)

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "authority": PUBLIC,
        "subject_kind": PUBLIC,
        "subject_id": PUBLIC,
        "begins": PUBLIC,
        "ends": PUBLIC,
        "reason": PUBLIC,
    }
    retention: ClassVar[Retention] = Retention(reason="permanently, because it explains a deadline and names nobody")

    class Meta:
        ordering = ["begins"]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="pauses_of_a_record")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"], condition=models.Q(ends=None), name="stopped_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(ends=None) | models.Q(ends__gte=models.F("begins")),
                name="pause_ends_after_begin",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}, from {self.begins:%d %B %Y}"

    def as_stopped_clock(self) -> StoppedClock:
        return StoppedClock(self.begins, self.ends, PauseReason(self.reason))


class Extension(models.Model):
    """By how much the deadline of a record was extended. A record has one at most."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=100)
    subject_id = models.UUIDField()
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=20, choices=Unit.choices)
    extended_on = models.DateField()

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "authority": PUBLIC,
        "subject_kind": PUBLIC,
        "subject_id": PUBLIC,
        "amount": PUBLIC,
        "unit": PUBLIC,
        "extended_on": PUBLIC,
    }
    retention: ClassVar[Retention] = Retention(reason="permanently, because it explains a deadline and names nobody")

    class Meta:
        ordering = ["extended_on"]
        constraints = [models.UniqueConstraint(fields=["subject_kind", "subject_id"], name="one_extension")]

    def __str__(self) -> str:
        return f"extended by {self.length}, on {self.extended_on:%d %B %Y}"

    @property
    def length(self) -> Length:
        return Length(self.amount, Unit(self.unit))

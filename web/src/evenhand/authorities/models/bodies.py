from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Right, StrIndex
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.formats import date_format

from evenhand.authorities.enums import Kind
from evenhand.authorities.invented import MARK
from evenhand.records.classification import PUBLIC, Classification
from evenhand.records.identity import new_id
from evenhand.records.retention import Retention


class Authority(models.Model):
    """A public body that is subject to the public sector equality duty. Everything else belongs to an authority."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(
        max_length=200,
        unique=True,
        validators=[RegexValidator(r"^[^=+\-@\s]", "A name begins with a letter or a figure.")],
    )
    kind = models.CharField(max_length=40, choices=Kind.choices)
    area_code = models.CharField(
        max_length=9,
        validators=[RegexValidator(r"^[EJKNSWX][0-9]{8}$", "An area code is a letter and eight figures: E08000012.")],
        help_text="The statistical code of the area that it serves, for example E47000004.",
    )
    area_name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="members")
    founded_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True, help_text="The date on which it ceased to exist.")
    demonstration = models.BooleanField(
        default=False,
        help_text="Shown as an example. Its pages say that the authority does not publish them.",
    )
    invented = models.BooleanField(
        default=False,
        help_text="Made up, so that people can try things out. Fixed when the authority is added.",
    )
    version = models.PositiveIntegerField(
        default=1,
        help_text="Increases with each change, so that two people can't overwrite each other's changes.",
    )

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "slug": PUBLIC,
        "name": PUBLIC,
        "kind": PUBLIC,
        "area_code": PUBLIC,
        "area_name": PUBLIC,
        "parent": PUBLIC,
        "founded_on": PUBLIC,
        "closed_on": PUBLIC,
        "demonstration": PUBLIC,
        "invented": PUBLIC,
        "version": PUBLIC,
    }
    retention: ClassVar[Retention] = Retention(reason="permanently, because published web addresses lead to it")

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "authorities"
        constraints = [
            # Without LIKE and without short arguments: Django's reading of a table's SQL on SQLite fails on them.
            models.CheckConstraint(
                condition=models.Q(
                    Exact(Right("name", 11), f" {MARK}"),
                    Exact(Right("area_name", 11), f" {MARK}"),
                    Exact(Right("slug", 9), "-invented"),
                    Exact(StrIndex("area_code", models.Value("X")), 1),
                    invented=True,
                )
                | models.Q(
                    Exact(StrIndex("name", models.Value(MARK)), 0),
                    ~models.Q(Exact(Right("slug", 9), "-invented")),
                    Exact(StrIndex("area_code", models.Value("X")), 0),
                    invented=False,
                ),
                name="invented_says_so",
                violation_error_message=(
                    "The name and the area name of an invented authority end in “(invented)”, its address ends in "
                    "“-invented”, and its area code begins with X. Those of a real authority do not."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shown_from_sources(self) -> bool:
        """A real authority in a demonstration: only what it has published elsewhere is shown, with the source."""
        return self.demonstration and not self.invented

    @property
    def is_closed(self) -> bool:
        return self.closed_on is not None and self.closed_on <= timezone.localdate()

    @property
    def closing_day(self) -> str:
        return date_format(self.closed_on, "j F Y") if self.closed_on else ""


class Succession(models.Model):
    """Records that one body took over from another on a date, and what cannot be compared across that date."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    predecessor = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="inheritances")
    on = models.DateField()
    breaks = models.TextField(help_text="What cannot be compared before and after the date, in words.")

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "predecessor": PUBLIC,
        "successor": PUBLIC,
        "on": PUBLIC,
        "breaks": PUBLIC,
    }
    retention: ClassVar[Retention] = Retention(reason="permanently, because it explains published figures")

    class Meta:
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="one_succession"),
            models.CheckConstraint(
                condition=~models.Q(predecessor=models.F("successor")), name="nobody_succeeds_themselves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.successor} follows {self.predecessor}"


class Unit(models.Model):
    """A part of an authority, such as a directorate, service or team. Units do not affect access."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="units")
    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    closed_on = models.DateField(null=True, blank=True)

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "authority": PUBLIC,
        "name": PUBLIC,
        "parent": PUBLIC,
        "closed_on": PUBLIC,
    }
    retention: ClassVar[Retention] = Retention(reason="permanently, as part of a public body; it is not personal data")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "parent", "name"], condition=models.Q(closed_on=None), name="unit_name_once"
            ),
            # NULL parents are never equal in SQL, so units without a parent need a constraint of their own.
            models.UniqueConstraint(
                fields=["authority", "name"],
                condition=models.Q(closed_on=None, parent=None),
                name="highest_unit_name_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

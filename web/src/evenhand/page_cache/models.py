from typing import ClassVar

from django.db import models

from evenhand.records.classification import PUBLIC, Classification
from evenhand.records.retention import Retention


class PageCounter(models.Model):
    """How often the public pages of an authority have changed. The row with the nil id counts for every page."""

    scope = models.UUIDField(primary_key=True)
    number = models.PositiveBigIntegerField(default=0)
    # With the time, a count that an older backup of the database brings back is not confused with the earlier one.
    raised_at = models.DateTimeField()

    classified: ClassVar[dict[str, Classification]] = {"scope": PUBLIC, "number": PUBLIC, "raised_at": PUBLIC}
    retention: ClassVar[Retention] = Retention(reason="as long as the authority has public pages")

    def __str__(self) -> str:
        return f"{self.scope}: {self.number}"

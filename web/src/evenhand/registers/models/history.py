from typing import ClassVar

from django.db import models

from evenhand.authorities.models import Authority, User
from evenhand.records.classification import PERSONAL, PUBLIC, Classification
from evenhand.records.identity import new_id
from evenhand.records.retention import Retention


class RecordVersion(models.Model):
    """The PUBLIC fields of a record as they were after one change. The database refuses to change a row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    register = models.CharField(max_length=100)
    record_id = models.UUIDField()
    version = models.PositiveIntegerField()
    values = models.JSONField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "authority": PUBLIC,
        "register": PUBLIC,
        "record_id": PUBLIC,
        "version": PUBLIC,
        "values": PUBLIC,
        "saved_at": PUBLIC,
        "saved_by": PERSONAL,
    }
    data_subject: ClassVar[str] = "saved_by"
    retention: ClassVar[Retention] = Retention(
        reason="permanently, because it shows what was said and when, and names nobody"
    )

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["record_id", "version"], name="one_row_for_each_version")]

    def __str__(self) -> str:
        return f"{self.register}, version {self.version}"

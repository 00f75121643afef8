from typing import ClassVar

from django.db import models

from evenhand.authorities.models import Authority, User
from evenhand.records.classification import PERSONAL, PUBLIC, Classification
from evenhand.records.data_subjects import DataSubject
from evenhand.records.identity import new_id
from evenhand.records.retention import Retention


class StagedSheet(models.Model):
    """A sheet that was uploaded and checked, and not imported yet. Only the person who uploaded it sees it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    register = models.CharField(max_length=100)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=200)
    rows = models.JSONField(help_text="What importing would do, row by row.")
    unchanged = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list)
    uploaded_at = models.DateTimeField()

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "authority": PUBLIC,
        "register": PUBLIC,
        "person": PERSONAL,
        "file_name": PERSONAL,
        "rows": PERSONAL,
        "unchanged": PUBLIC,
        "notes": PERSONAL,
        "uploaded_at": PUBLIC,
    }
    data_subject: ClassVar[DataSubject] = DataSubject("person", erased=True)
    retention: ClassVar[Retention] = Retention(
        reason="so that what was checked can be imported", days=1, after="uploaded_at", event="the upload"
    )

    class Meta:
        ordering = ["uploaded_at"]

    def __str__(self) -> str:
        return self.file_name

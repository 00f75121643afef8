"""The only table of this app. allauth's own tables hold second factors and sessions."""

from typing import ClassVar

from django.db import models

from evenhand.authorities.models import User
from evenhand.records.classification import PERSONAL, PUBLIC, SECRET, Classification
from evenhand.records.data_subjects import DataSubject
from evenhand.records.identity import new_id
from evenhand.records.retention import Retention
from evenhand.sign_in.enums import KeptKind


class KeptContent(models.Model):
    """What a person sent or was shown, encrypted, for at most 30 minutes (docs/adr/0030-kept-forms.md)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=KeptKind.choices)
    key = models.CharField(max_length=64, blank=True, help_text="Identifies a form that is sent twice.")
    content = models.BinaryField(help_text="Encrypted; empty while a form is being processed.")
    kept_until = models.DateTimeField(db_index=True)

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "person": PERSONAL,
        "kind": PERSONAL,
        "key": SECRET,
        "content": SECRET,
        "kept_until": PERSONAL,
    }
    data_subject: ClassVar[DataSubject] = DataSubject("person", erased=True)
    retention: ClassVar[Retention] = Retention(
        reason="so that nothing entered is lost when a session ends; a task deletes older content every minute",
        days=0,
        after="kept_until",
        event="30 minutes have passed",
    )

    class Meta:
        indexes = [models.Index(fields=["person", "kind"], name="kept_content_of_person")]
        constraints = [models.UniqueConstraint(fields=["key"], condition=~models.Q(key=""), name="one_form_at_a_time")]

    def __str__(self) -> str:
        return f"{self.kind} kept until {self.kept_until:%H:%M}"

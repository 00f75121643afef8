from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.functional import Promise

from evenhand.authorities.models import Authority, User
from evenhand.privacy.enums import Outcome, RequestKind
from evenhand.records.classification import PERSONAL, PUBLIC, SECRET, Classification
from evenhand.records.data_subjects import DataSubject, NoDataSubject
from evenhand.records.identity import new_id
from evenhand.records.retention import Retention


class Request(models.Model):
    """A data protection request from a person, and when it must be answered."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="requests")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=20, choices=RequestKind.choices)
    received_on = models.DateField()
    due_on = models.DateField(null=True, help_text="Empty while the clock is stopped.")
    note = models.TextField(blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "authority": PUBLIC,
        "person": PERSONAL,
        "kind": PERSONAL,
        "received_on": PERSONAL,
        "due_on": PERSONAL,
        "note": PERSONAL,
        "outcome": PERSONAL,
        "answer": PERSONAL,
        "answered_by": PERSONAL,
        "closed_at": PERSONAL,
    }
    data_subject: ClassVar[DataSubject] = DataSubject("person", blanked=("note", "answer"))
    retention: ClassVar[Retention] = Retention(
        reason="to show that it was answered", days=2_190, after="closed_at", event="the request is closed"
    )

    class Meta:
        ordering = [models.F("due_on").asc(nulls_last=True)]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, received on {self.received_on:%d %B %Y}"

    @property
    def heading(self) -> Promise:
        return RequestKind(self.kind).heading

    def is_overdue(self, today: date) -> bool:
        return self.closed_at is None and self.due_on is not None and self.due_on < today


class ObjectionKey(models.Model):
    """The key that turns staff numbers into pseudonyms. Without it, no objection can be matched to a person.

    A backup contains the key. An export does not, so after a move by export all objections must be recorded again.
    """

    authority = models.OneToOneField(Authority, primary_key=True, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)

    classified: ClassVar[dict[str, Classification]] = {"authority": PUBLIC, "key": SECRET}
    retention: ClassVar[Retention] = Retention(reason="as long as any objection depends on it")

    def __str__(self) -> str:
        return f"objection key of {self.authority_id}"


class Objection(models.Model):
    """An objection to the analysis of a person's data. The person is stored only as a pseudonym."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="objections")
    pseudonym = models.CharField(max_length=64)
    recorded_on = models.DateField()
    withdrawn_on = models.DateField(null=True)

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "authority": PUBLIC,
        "pseudonym": PERSONAL,
        "recorded_on": PERSONAL,
        "withdrawn_on": PERSONAL,
    }
    data_subject: ClassVar[NoDataSubject] = NoDataSubject(
        "the person can only be identified by trying every staff number of the authority"
    )
    retention: ClassVar[Retention] = Retention(
        reason="and without limit before that", days=2_190, after="withdrawn_on", event="the objection is withdrawn"
    )

    class Meta:
        ordering = ["recorded_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "pseudonym"], condition=models.Q(withdrawn_on=None), name="one_objection_each"
            )
        ]

    def __str__(self) -> str:
        return f"objection {self.id}"


class Erasure(models.Model):
    """A record that a person was erased, by id, so that the erasure can be repeated after a backup is restored."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField(unique=True)
    rows = models.JSONField(help_text="The ids of what was removed, by model.")
    erased_at = models.DateTimeField()
    wiped_at = models.DateTimeField(null=True, help_text="When the free space of the database was overwritten.")

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "person_id": PUBLIC,
        "rows": PUBLIC,
        "erased_at": PUBLIC,
        "wiped_at": PUBLIC,
    }
    retention: ClassVar[Retention] = Retention(
        reason="permanently, because restoring an older backup may bring the person back"
    )

    class Meta:
        ordering = ["erased_at"]

    def __str__(self) -> str:
        return f"erasure of {self.person_id}"

from typing import ClassVar

from django.db import models

from evenhand.authorities.models.bodies import Authority
from evenhand.authorities.models.people import User
from evenhand.records.classification import PERSONAL, PUBLIC, Classification
from evenhand.records.identity import new_id
from evenhand.records.retention import Retention


class Assignment(models.Model):
    """Work assigned to a person. Its subject is stored as a kind and an id, so that any app can assign its own work."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="assignments")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")
    subject_kind = models.CharField(max_length=100)
    subject_id = models.UUIDField()
    title = models.CharField(max_length=200)
    link = models.CharField(max_length=500)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "authority": PUBLIC,
        "person": PERSONAL,
        "subject_kind": PUBLIC,
        "subject_id": PUBLIC,
        "title": PUBLIC,
        "link": PUBLIC,
        "since": PUBLIC,
        "ended_at": PUBLIC,
    }
    data_subject: ClassVar[str] = "person"
    retention: ClassVar[Retention] = Retention(
        reason="to show who was assigned the work", days=2_190, after="ended_at", event="the assignment ends"
    )

    class Meta:
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "subject_kind", "subject_id"],
                condition=models.Q(ended_at=None),
                name="in_one_persons_hands",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.person}"

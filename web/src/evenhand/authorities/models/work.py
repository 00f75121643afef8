from typing import ClassVar

from django.db import models

from evenhand.authorities.models.bodies import Authority
from evenhand.authorities.models.people import User
from evenhand.records.classification import PERSONAL, PUBLIC, Classification
from evenhand.records.identity import new_id
from evenhand.records.retention import Kept


class Assignment(models.Model):
    """Who has a thing in hand. The thing is known by kind and id alone, so that any room above may assign its own."""

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
    about: ClassVar[str] = "person"
    kept: ClassVar[Kept] = Kept(
        why="six years, so that who had a thing in hand can be shown", days=2_190, after="ended_at"
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

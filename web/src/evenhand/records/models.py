"""The one table of this room: every slug that was ever given out."""

from typing import ClassVar

from django.db import models

from evenhand.records.classification import PUBLIC, Classification
from evenhand.records.identity import new_id
from evenhand.records.retention import Kept


class TakenSlug(models.Model):
    """A slug, in its namespace, and what it was given to. Never deleted, so that an old address still leads home.

    It belongs to no authority of its own: the namespace says whose it is.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    namespace = models.CharField(max_length=100)
    slug = models.SlugField(max_length=100)
    subject_id = models.UUIDField()

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "namespace": PUBLIC,
        "slug": PUBLIC,
        "subject_id": PUBLIC,
    }
    kept: ClassVar[Kept] = Kept(why="for ever: an address that was public never leads elsewhere")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["namespace", "slug"], name="slug_taken_once")]

    def __str__(self) -> str:
        return f"{self.namespace}/{self.slug}"

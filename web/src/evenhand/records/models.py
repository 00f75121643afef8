"""The only table of this app: every slug that has ever been used."""

from typing import ClassVar

from django.db import models

from evenhand.records.classification import PUBLIC, Classification
from evenhand.records.identity import new_id
from evenhand.records.retention import Retention


class TakenSlug(models.Model):
    """A slug in its namespace, and the subject that it was given to. It is never deleted, so that old URLs still work.

    It has no authority field, because the namespace identifies the owner.
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
    retention: ClassVar[Retention] = Retention(
        reason="permanently, so that a published web address never leads to something else"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["namespace", "slug"], name="slug_taken_once")]

    def __str__(self) -> str:
        return f"{self.namespace}/{self.slug}"

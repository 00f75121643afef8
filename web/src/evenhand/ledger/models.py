from typing import ClassVar

from django.db import models

from evenhand.records.classification import PERSONAL, PUBLIC, Classification
from evenhand.records.identity import new_id
from evenhand.records.retention import Kept


class Entry(models.Model):
    """One change. The database refuses to alter or remove it.

    What the change said stands apart in `Payload`, which can be erased; `commitment` is the salted hash of it, so
    that an erasure leaves this row, and later the chain of rows, whole.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority_id = models.UUIDField(null=True, db_index=True)
    actor_id = models.UUIDField()
    action = models.CharField(max_length=100)
    subject_kind = models.CharField(max_length=100)
    subject_id = models.UUIDField(db_index=True)
    at = models.DateTimeField()
    commitment = models.CharField(max_length=64)

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "authority_id": PUBLIC,
        "actor_id": PERSONAL,
        "action": PUBLIC,
        "subject_kind": PUBLIC,
        "subject_id": PUBLIC,
        "at": PUBLIC,
        "commitment": PUBLIC,
    }
    kept: ClassVar[Kept] = Kept(
        why="for ever: the record of changes names nobody, and shows that nothing was rewritten"
    )

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject_kind} {self.subject_id}"


class Payload(models.Model):
    """What a change said: before, after and why. May be erased, may not be altered."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True)
    salt = models.CharField(max_length=64)
    content = models.JSONField()

    classified: ClassVar[dict[str, Classification]] = {
        "entry": PUBLIC,
        "salt": PERSONAL,
        "content": PERSONAL,
    }
    kept: ClassVar[Kept] = Kept(why="as long as the entry, unless a person's details in it are erased")

    def __str__(self) -> str:
        return f"payload of {self.entry_id}"

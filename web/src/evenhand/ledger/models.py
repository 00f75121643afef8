import json
from typing import Any, ClassVar

from django.db import models

from evenhand.ledger.form import NOTHING_BEFORE
from evenhand.records.classification import PERSONAL, PUBLIC, Classification
from evenhand.records.identity import new_id
from evenhand.records.retention import Retention


class Entry(models.Model):
    """One change. The database refuses to alter or remove it.

    The entries of an authority form a chain; entries without an authority form the system's own chain. `entry_hash`
    covers every other column and, through `previous`, every earlier entry. The details are stored separately in
    `Payload`, which can be erased; `commitment` is their salted hash, so an erasure leaves the chain intact. The hash
    includes the actor only as a commitment with `blind`, so the public can recompute it without learning who acted.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority_id = models.UUIDField(null=True)
    actor_id = models.UUIDField()
    action = models.CharField(max_length=100)
    subject_kind = models.CharField(max_length=100)
    subject_id = models.UUIDField(db_index=True)
    at = models.DateTimeField()
    commitment = models.CharField(max_length=64)
    chain = models.UUIDField(help_text="The id of the authority, or the nil id for entries that belong to none.")
    position = models.PositiveBigIntegerField(help_text="The position in the chain, counted from 1.")
    previous = models.CharField(max_length=64)
    blind = models.CharField(max_length=64)
    entry_hash = models.CharField(max_length=64)

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "authority_id": PUBLIC,
        "actor_id": PERSONAL,
        "action": PUBLIC,
        "subject_kind": PUBLIC,
        "subject_id": PUBLIC,
        "at": PUBLIC,
        "commitment": PUBLIC,
        "chain": PUBLIC,
        "position": PUBLIC,
        "previous": PUBLIC,
        "blind": PERSONAL,
        "entry_hash": PUBLIC,
    }
    data_subject: ClassVar[str] = "actor_id"
    retention: ClassVar[Retention] = Retention(
        reason="permanently, because the record of changes names nobody and shows that nothing was rewritten"
    )

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["chain", "position"], name="one_entry_at_each_position")]
        indexes = [models.Index(fields=["chain", "action", "position"], name="entries_of_an_action")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject_kind} {self.subject_id}"


class Payload(models.Model):
    """The details of a change: before, after and reason. They may be erased, but not altered.

    They are stored as the exact text that the entry commits to, because a database's JSON type may format numbers
    differently.
    """

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True)
    salt = models.CharField(max_length=64)
    text = models.TextField(db_column="content")

    classified: ClassVar[dict[str, Classification]] = {
        "entry": PUBLIC,
        "salt": PERSONAL,
        "text": PERSONAL,
    }
    data_subject: ClassVar[str] = "entry__actor_id"
    retention: ClassVar[Retention] = Retention(
        reason="as long as the entry, unless a person's details in it are erased"
    )

    def __str__(self) -> str:
        return f"payload of {self.entry_id}"

    @property
    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.text)
        return content


class Head(models.Model):
    """The end of a chain. It is locked while an entry is added, so that no two entries get the same position."""

    chain = models.UUIDField(primary_key=True)
    position = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=NOTHING_BEFORE)
    previous = models.CharField(max_length=64, default=NOTHING_BEFORE)

    classified: ClassVar[dict[str, Classification]] = {
        "chain": PUBLIC,
        "position": PUBLIC,
        "hash": PUBLIC,
        "previous": PUBLIC,
    }
    retention: ClassVar[Retention] = Retention(reason="permanently, with the record of changes")

    def __str__(self) -> str:
        return f"{self.chain} at {self.position}"


class Subtree(models.Model):
    """The hash of a complete subtree of 256, 65,536, … entries, stored so that a proof needs few rows."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    chain = models.UUIDField()
    level = models.PositiveSmallIntegerField()
    index = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "chain": PUBLIC,
        "level": PUBLIC,
        "index": PUBLIC,
        "hash": PUBLIC,
    }
    retention: ClassVar[Retention] = Retention(
        reason="permanently, with the record of changes, from which it can be recomputed"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "level", "index"], name="each_subtree_once")]

    def __str__(self) -> str:
        return f"{self.chain} {self.level}/{self.index}"


class Checkpoint(models.Model):
    """A signed statement of a chain's length and tree root. Anyone who keeps a copy can detect a later rewrite."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    chain = models.UUIDField()
    size = models.PositiveBigIntegerField()
    note = models.TextField()
    issued_at = models.DateTimeField()

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "chain": PUBLIC,
        "size": PUBLIC,
        "note": PUBLIC,
        "issued_at": PUBLIC,
    }
    retention: ClassVar[Retention] = Retention(
        reason="permanently, to show that the record was not rewritten afterwards"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "size"], name="one_checkpoint_for_each_size")]

    def __str__(self) -> str:
        return f"{self.chain} at {self.size}"

from typing import ClassVar

from django.db import models

from evenhand.notifications.enums import State
from evenhand.records.about import About
from evenhand.records.classification import PERSONAL, PUBLIC, SECRET, Classification
from evenhand.records.identity import new_id
from evenhand.records.retention import Kept


class Message(models.Model):
    """An e-mail to one person, about a thing known by its id alone. The text goes as soon as the message is sent.

    It belongs to no authority: it belongs to whoever it is addressed to.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    to = models.EmailField(db_index=True)
    subject = models.CharField(max_length=500)
    body = models.TextField()
    about_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="When it is next tried.")
    ended_at = models.DateTimeField(null=True, help_text="When it was sent, or given up.")
    attempts = models.PositiveSmallIntegerField(default=0)
    why = models.TextField(help_text="What went wrong the last time; empty when it went well.")

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "to": PERSONAL,
        "subject": PERSONAL,
        "body": SECRET,
        "about_id": PERSONAL,
        "state": PERSONAL,
        "created_at": PERSONAL,
        "due_at": PERSONAL,
        "ended_at": PERSONAL,
        "attempts": PERSONAL,
        "why": PERSONAL,
    }
    kept: ClassVar[Kept] = Kept(
        why="to answer whether a message was sent; its text goes when it is sent", days=30, after="ended_at"
    )
    about: ClassVar[About] = About("to", goes=True)

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="message_state_due")]

    def __str__(self) -> str:
        return f"message {self.id}: {self.state}"


class Heartbeat(models.Model):
    """A worker process: it says every few seconds that it lives. What it held when it fell silent is taken up again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField(db_index=True)
    stopped_at = models.DateTimeField(null=True)

    classified: ClassVar[dict[str, Classification]] = {
        "id": PUBLIC,
        "version": PUBLIC,
        "started_at": PUBLIC,
        "beat_at": PUBLIC,
        "stopped_at": PUBLIC,
    }
    kept: ClassVar[Kept] = Kept(why="a week, to look into a worker that fell silent", days=7, after="beat_at")

    class Meta:
        ordering = ["-beat_at"]

    def __str__(self) -> str:
        return f"worker {self.id}, version {self.version}"


class Round(models.Model):
    """Work that comes round: when it was last done, when it is due, and which worker has it in hand."""

    name = models.CharField(max_length=100, primary_key=True)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    taken_by = models.UUIDField(null=True)
    faults = models.PositiveIntegerField(default=0, help_text="How often in a row it failed.")
    why = models.CharField(max_length=200, help_text="What kind of fault the last one was.")

    classified: ClassVar[dict[str, Classification]] = {
        "name": PUBLIC,
        "due_at": PUBLIC,
        "done_at": PUBLIC,
        "taken_by": PUBLIC,
        "faults": PUBLIC,
        "why": PUBLIC,
    }
    kept: ClassVar[Kept] = Kept(why="one row for each kind of periodic work, about nobody")

    def __str__(self) -> str:
        return self.name

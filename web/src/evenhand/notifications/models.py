from typing import ClassVar

from django.db import models

from evenhand.notifications.enums import MessageState
from evenhand.records.classification import PERSONAL, PUBLIC, SECRET, Classification
from evenhand.records.data_subjects import DataSubject
from evenhand.records.identity import new_id
from evenhand.records.retention import Retention


class Message(models.Model):
    """An e-mail to one person, about an item identified only by its id. The text is deleted once the message is sent.

    It belongs to its recipient, not to an authority.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    to = models.EmailField(db_index=True)
    subject = models.CharField(max_length=500)
    body = models.TextField()
    about_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.WAITING)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="When it will next be tried.")
    ended_at = models.DateTimeField(null=True, help_text="When it was sent, or when the last attempt failed.")
    attempts = models.PositiveSmallIntegerField(default=0)
    why = models.TextField(help_text="The error of the last attempt; empty if it succeeded.")

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
    retention: ClassVar[Retention] = Retention(
        reason="to show whether it was sent; its text is deleted once it is sent",
        days=30,
        after="ended_at",
        event="the message is sent or the last attempt fails",
    )
    data_subject: ClassVar[DataSubject] = DataSubject("to", erased=True)

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="message_state_due")]

    def __str__(self) -> str:
        return f"message {self.id}: {self.state}"


class Heartbeat(models.Model):
    """A worker process and the time of its last heartbeat. If the heartbeats stop, others take over its tasks."""

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
    retention: ClassVar[Retention] = Retention(
        reason="to investigate workers that stopped responding", days=7, after="beat_at", event="the last heartbeat"
    )

    class Meta:
        ordering = ["-beat_at"]

    def __str__(self) -> str:
        return f"worker {self.id}, version {self.version}"


class Round(models.Model):
    """A periodic task: when it was last run, when it is due, and which worker has taken it."""

    name = models.CharField(max_length=100, primary_key=True)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    taken_by = models.UUIDField(null=True)
    faults = models.PositiveIntegerField(default=0, help_text="The number of failures in a row.")
    why = models.CharField(max_length=200, help_text="The type of the last error.")

    classified: ClassVar[dict[str, Classification]] = {
        "name": PUBLIC,
        "due_at": PUBLIC,
        "done_at": PUBLIC,
        "taken_by": PUBLIC,
        "faults": PUBLIC,
        "why": PUBLIC,
    }
    retention: ClassVar[Retention] = Retention(reason="one row for each periodic task; holds no personal data")

    def __str__(self) -> str:
        return self.name

"""A worker says that it lives. Its id is new each time, and says nothing about the machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.conf import settings
from django.db import Error, connections
from django.utils import timezone

import evenhand
from evenhand.notifications.models import Heartbeat

JOIN_SECONDS = 5  # a beat on its way to a database that does not answer is not waited for


@contextmanager
def enrolled(*, beating: bool = True) -> Iterator[UUID]:
    """The id under which the process takes work, until it leaves the block."""
    now = timezone.now()
    me = Heartbeat.objects.create(version=evenhand.__version__, started_at=now, beat_at=now).id
    ended = threading.Event()
    thread = threading.Thread(target=_beat, args=(me, ended), name="heartbeat", daemon=True)
    if beating:
        thread.start()
    try:
        yield me
    finally:
        ended.set()
        if beating:
            thread.join(JOIN_SECONDS)
        leave(me)


def leave(worker: UUID) -> None:
    """Say that it stopped, so that whatever it still held is taken up at once."""
    Heartbeat.objects.filter(id=worker, stopped_at=None).update(stopped_at=timezone.now())


def _beat(me: UUID, ended: threading.Event) -> None:
    # in a thread, so that long work does not look like death
    while not ended.wait(settings.EVENHAND_WORKER_LEASE_SECONDS / 6):
        try:
            Heartbeat.objects.filter(id=me).update(beat_at=timezone.now())
        except Error:
            connections.close_all()  # the next beat tries again, on a new connection
    connections.close_all()

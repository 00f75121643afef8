"""Worker heartbeats. Each run of a worker has a new id, which reveals nothing about the server."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.conf import settings
from django.db import Error, connections
from django.utils import timezone

import evenhand
from evenhand.notifications.models import Heartbeat

JOIN_SECONDS = 5  # do not wait longer for a heartbeat if the database does not answer


@contextmanager
def registered_worker(*, beating: bool = True) -> Iterator[UUID]:
    """Register a worker for the duration of the block. Yields the id under which it takes tasks."""
    now = timezone.now()
    worker_id = Heartbeat.objects.create(version=evenhand.__version__, started_at=now, beat_at=now).id
    stopped = threading.Event()
    thread = threading.Thread(target=_beat, args=(worker_id, stopped), name="heartbeat", daemon=True)
    if beating:
        thread.start()
    try:
        yield worker_id
    finally:
        stopped.set()
        if beating:
            thread.join(JOIN_SECONDS)
        mark_stopped(worker_id)


def mark_stopped(worker_id: UUID) -> None:
    """Record that the worker stopped, so that other workers take over its tasks at once."""
    Heartbeat.objects.filter(id=worker_id, stopped_at=None).update(stopped_at=timezone.now())


def _beat(worker_id: UUID, stopped: threading.Event) -> None:
    # in a thread, so that a worker with a long task does not appear to be dead
    while not stopped.wait(settings.EVENHAND_WORKER_LEASE_SECONDS / 6):
        try:
            Heartbeat.objects.filter(id=worker_id).update(beat_at=timezone.now())
        except Error:
            connections.close_all()  # the next heartbeat tries again with a new connection
    connections.close_all()

"""The worker: runs tasks from the queue, and periodic tasks when they are due, until it is stopped."""

import logging
import signal
import time
from collections.abc import Callable
from types import FrameType
from uuid import UUID

from django.conf import settings
from django.db import Error, close_old_connections, connections

from evenhand.notifications import heartbeat, periodic, queue

logger = logging.getLogger(__name__)
IDLE_SECONDS = 0.5
PERIODIC_SECONDS = 1
LONGEST_PAUSE_SECONDS = 10


class Worker:
    """Any number may run at once. A worker that loses its database connection waits and continues under a new id."""

    def __init__(self) -> None:
        self.stopping = False
        self._last_called: dict[Callable[..., None], float] = {}

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        previous_id: UUID | None = None
        pause = IDLE_SECONDS
        while not self.stopping:
            try:
                with heartbeat.registered_worker() as worker_id:
                    if previous_id:
                        heartbeat.mark_stopped(previous_id)
                    previous_id, pause = worker_id, IDLE_SECONDS
                    while not self.stopping:
                        self._step(worker_id)
            except Error as error:
                logger.warning("the database does not answer (%s); trying again", type(error).__name__)
                connections.close_all()
                self._rest(pause)
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def once(self) -> None:
        """Run everything that is due or ready now, then return."""
        with heartbeat.registered_worker() as worker_id:
            queue.requeue_abandoned()
            periodic.run_due(worker_id)
            while queue.run_one(worker_id):
                pass

    def _step(self, worker_id: UUID) -> None:
        close_old_connections()
        if self._is_time_for(queue.requeue_abandoned, settings.EVENHAND_WORKER_LEASE_SECONDS / 6):
            queue.requeue_abandoned()
        if self._is_time_for(periodic.run_due, PERIODIC_SECONDS):
            periodic.run_due(worker_id)
        if not queue.run_one(worker_id):
            self._rest(IDLE_SECONDS)

    def _is_time_for(self, function: Callable[..., None], seconds: float) -> bool:
        now = time.monotonic()
        due = now - self._last_called.get(function, -seconds) >= seconds
        if due:
            self._last_called[function] = now
        return due

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < until:
            time.sleep(min(IDLE_SECONDS, seconds))

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True  # noticed after the current task

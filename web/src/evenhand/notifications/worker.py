"""The worker: tasks from the queue, periodic work when it is due, until it is told to stop."""

import logging
import signal
import time
from collections.abc import Callable
from types import FrameType
from uuid import UUID

from django.conf import settings
from django.db import Error, close_old_connections, connections

from evenhand.notifications import heartbeat, queue, rounds

logger = logging.getLogger(__name__)
IDLE_SECONDS = 0.5
ROUNDS_SECONDS = 1
LONGEST_PAUSE_SECONDS = 10


class Worker:
    """Any number may run at once. One that loses its database waits for it, and goes on under a new id."""

    def __init__(self) -> None:
        self.stopping = False
        self._looked: dict[Callable[..., None], float] = {}

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        lost: UUID | None = None
        pause = IDLE_SECONDS
        while not self.stopping:
            try:
                with heartbeat.enrolled() as me:
                    if lost:
                        heartbeat.leave(lost)
                    lost, pause = me, IDLE_SECONDS
                    while not self.stopping:
                        self._turn(me)
            except Error as fault:
                logger.warning("the database does not answer (%s); trying again", type(fault).__name__)
                connections.close_all()
                self._rest(pause)
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def once(self) -> None:
        """What is due and what is ready, and no more."""
        with heartbeat.enrolled() as me:
            queue.take_up_again()
            rounds.run_due(me)
            while queue.run_one(me):
                pass

    def _turn(self, me: UUID) -> None:
        close_old_connections()
        if self._is_time_for(queue.take_up_again, settings.EVENHAND_WORKER_LEASE_SECONDS / 6):
            queue.take_up_again()
        if self._is_time_for(rounds.run_due, ROUNDS_SECONDS):
            rounds.run_due(me)
        if not queue.run_one(me):
            self._rest(IDLE_SECONDS)

    def _is_time_for(self, work: Callable[..., None], seconds: float) -> bool:
        now = time.monotonic()
        due = now - self._looked.get(work, -seconds) >= seconds
        if due:
            self._looked[work] = now
        return due

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < until:
            time.sleep(min(IDLE_SECONDS, seconds))

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True  # seen after the work in hand

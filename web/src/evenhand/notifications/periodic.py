"""Run the registered periodic tasks when they are due, each by one worker at a time."""

import logging
import traceback
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from evenhand.modules import ScheduledTask
from evenhand.notifications.models import Round
from evenhand.notifications.queries import live_workers
from evenhand.notifications.schedule import scheduled_tasks

logger = logging.getLogger(__name__)
RETRY_SECONDS = 60


def run_due(worker_id: UUID) -> None:
    """Run, one after the other, the tasks that are due and not already taken by a live worker."""
    rounds = {round_.name: round_ for round_ in Round.objects.all()}
    now = timezone.now()
    for task in scheduled_tasks():
        if (task.name not in rounds or rounds[task.name].due_at <= now) and _take(task, worker_id):
            _run(task)


def _take(task: ScheduledTask, worker_id: UUID) -> bool:
    now = timezone.now()
    with transaction.atomic():
        Round.objects.get_or_create(name=task.name, defaults={"due_at": now})
        round_ = Round.objects.select_for_update().get(name=task.name)
        if round_.due_at > now or (round_.taken_by and live_workers().filter(id=round_.taken_by).exists()):
            return False
        round_.taken_by = worker_id
        round_.save(update_fields=["taken_by"])
    return True


def _run(task: ScheduledTask) -> None:
    rounds = Round.objects.filter(name=task.name)
    try:
        task.function()
    except Exception as error:
        # log the lines of code, but not the message, which may name a person
        places = ", ".join(f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__))
        logger.error("periodic task %s failed: %s in %s", task.name, type(error).__name__, places)
        retry_at = timezone.now() + timedelta(seconds=min(task.seconds, RETRY_SECONDS))
        rounds.update(taken_by=None, due_at=retry_at, faults=F("faults") + 1, why=type(error).__name__)
    else:
        now = timezone.now()
        rounds.update(taken_by=None, due_at=now + timedelta(seconds=task.seconds), done_at=now, faults=0, why="")

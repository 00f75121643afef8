"""Doing the work that comes round: what `schedule` registered, when it is due, by one worker at a time."""

import logging
import traceback
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from evenhand.notifications.models import Round
from evenhand.notifications.queries import living
from evenhand.notifications.schedule import Periodic, registered

logger = logging.getLogger(__name__)
SOON_SECONDS = 60


def run_due(worker: UUID) -> None:
    """Do, one after the other, what is due and in nobody's hands."""
    known = {each.name: each for each in Round.objects.all()}
    now = timezone.now()
    for each in registered():
        if (each.name not in known or known[each.name].due_at <= now) and _take(each, worker):
            _run(each)


def _take(each: Periodic, worker: UUID) -> bool:
    now = timezone.now()
    with transaction.atomic():
        Round.objects.get_or_create(name=each.name, defaults={"due_at": now})
        round_ = Round.objects.select_for_update().get(name=each.name)
        if round_.due_at > now or (round_.taken_by and living().filter(id=round_.taken_by).exists()):
            return False
        round_.taken_by = worker
        round_.save(update_fields=["taken_by"])
    return True


def _run(each: Periodic) -> None:
    mine = Round.objects.filter(name=each.name)
    try:
        each.function()
    except Exception as fault:
        # the places, not the message: what a fault says may name a person
        where = ", ".join(f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(fault.__traceback__))
        logger.error("periodic work %s failed: %s in %s", each.name, type(fault).__name__, where)
        soon = timezone.now() + timedelta(seconds=min(each.seconds, SOON_SECONDS))
        mine.update(taken_by=None, due_at=soon, faults=F("faults") + 1, why=type(fault).__name__)
    else:
        now = timezone.now()
        mine.update(taken_by=None, due_at=now + timedelta(seconds=each.seconds), done_at=now, faults=0, why="")

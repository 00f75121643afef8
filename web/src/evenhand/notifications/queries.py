from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max, QuerySet
from django.utils import timezone

from evenhand.notifications.enums import State
from evenhand.notifications.models import Heartbeat, Message, Round


def last_heartbeat() -> datetime | None:
    """When a worker last said that it lives; None where none ever ran."""
    latest: datetime | None = Heartbeat.objects.aggregate(latest=Max("beat_at"))["latest"]
    return latest


def living() -> QuerySet[Heartbeat]:
    """The workers that have said so lately, and have not said that they stopped."""
    since = timezone.now() - timedelta(seconds=settings.EVENHAND_WORKER_LEASE_SECONDS)
    return Heartbeat.objects.filter(stopped_at=None, beat_at__gt=since)


def waiting() -> QuerySet[Message]:
    return Message.objects.filter(state=State.WAITING)


def failed() -> QuerySet[Message]:
    return Message.objects.filter(state=State.FAILED)


def failing_rounds() -> QuerySet[Round]:
    """Periodic work that failed the last time."""
    return Round.objects.filter(faults__gt=0).order_by("name")

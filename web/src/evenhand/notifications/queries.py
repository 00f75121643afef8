from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max, QuerySet
from django.utils import timezone

from evenhand.notifications.enums import MessageState
from evenhand.notifications.models import Heartbeat, Message, Round


def last_heartbeat() -> datetime | None:
    """The time of the latest heartbeat of any worker; None if no worker has ever run."""
    latest: datetime | None = Heartbeat.objects.aggregate(latest=Max("beat_at"))["latest"]
    return latest


def live_workers() -> QuerySet[Heartbeat]:
    """The workers that have a recent heartbeat and have not stopped."""
    since = timezone.now() - timedelta(seconds=settings.EVENHAND_WORKER_LEASE_SECONDS)
    return Heartbeat.objects.filter(stopped_at=None, beat_at__gt=since)


def waiting_messages() -> QuerySet[Message]:
    return Message.objects.filter(state=MessageState.WAITING)


def failed_messages() -> QuerySet[Message]:
    return Message.objects.filter(state=MessageState.FAILED)


def failing_periodic_tasks() -> QuerySet[Round]:
    """Periodic tasks that failed the last time they ran."""
    return Round.objects.filter(faults__gt=0).order_by("name")

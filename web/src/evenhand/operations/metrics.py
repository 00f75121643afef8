"""What the metrics page counts. Each web process writes into its own file, and whoever asks gets the sum of them.

The files are prometheus_client's multi-process mode, switched on by `config/serving.py`. What only the database knows
is asked when the page is.
"""

import os
from collections.abc import Iterator

from django.apps import apps
from django.db.models import Count
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from evenhand.notifications import queries as messages
from evenhand.operations.backup_notes import BACKUP, noted

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
own = CollectorRegistry()
requests = Counter("evenhand_requests", "Requests answered.", ["route", "method", "status"], registry=own)
durations = Histogram("evenhand_request_seconds", "Time to answer a request.", ["route"], buckets=SECONDS, registry=own)


def count(route: str, method: str, status: int, seconds: float) -> None:
    requests.labels(route, method, str(status)).inc()
    durations.labels(route).observe(seconds)


def page() -> bytes:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(own) + generate_latest(_stored())
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry) + generate_latest(_stored())


def _stored() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(Stored())
    return registry


class Stored(Collector):
    """Asked anew each time: no number here is older than the request for it."""

    def describe(self) -> Iterator[GaugeMetricFamily]:
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield _gauge("evenhand_tasks_waiting", "Tasks that no worker has taken up.", _tasks_waiting())
        yield _gauge("evenhand_messages_waiting", "Messages not yet sent.", messages.waiting().count())
        yield _gauge("evenhand_messages_failed", "Messages given up.", messages.failed().count())
        yield _gauge("evenhand_workers", "Workers that have said lately that they live.", messages.living().count())
        if (age := last_backup_seconds()) is not None:
            yield _gauge("evenhand_last_backup_age_seconds", "Time since the last backup.", age)
        yield _chains()


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)


def _tasks_waiting() -> int:
    return int(apps.get_model("django_tasks_database", "DBTaskResult").objects.filter(status="READY").count())


def _chains() -> GaugeMetricFamily:
    """How many entries the record of changes holds, for each authority."""
    gauge = GaugeMetricFamily("evenhand_record_entries", "Entries in the record of changes.", labels=["authority"])
    entries = apps.get_model("ledger", "Entry").objects.order_by()
    for row in entries.values("authority_id").annotate(entries=Count("pk")):
        gauge.add_metric([str(row["authority_id"] or "")], row["entries"])
    return gauge


def last_backup_seconds() -> float | None:
    """None where no backup was made from here yet."""
    at = parse_datetime(str(noted(BACKUP).get("at", "")))
    return None if at is None else max(0.0, (timezone.now() - at).total_seconds())

"""The metrics page. Each web process writes to its own file, and the page shows the sum of them.

This is the multi-process mode of prometheus_client, enabled by `config/serving.py`. Values from the database are
queried for each request.
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
from evenhand.operations.backup.history import BACKUP, load_last

BUCKETS_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
process_registry = CollectorRegistry()
requests = Counter("evenhand_requests", "Requests answered.", ["route", "method", "status"], registry=process_registry)
durations = Histogram(
    "evenhand_request_seconds",
    "Time to answer a request.",
    ["route"],
    buckets=BUCKETS_SECONDS,
    registry=process_registry,
)


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    requests.labels(route, method, str(status)).inc()
    durations.labels(route).observe(seconds)


def metrics_text() -> bytes:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(process_registry) + generate_latest(_database_registry())
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry) + generate_latest(_database_registry())


def _database_registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(DatabaseCollector())
    return registry


class DatabaseCollector(Collector):
    """Metrics that are queried from the database for each request."""

    def describe(self) -> Iterator[GaugeMetricFamily]:
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield _gauge("evenhand_tasks_waiting", "Tasks that no worker has started.", _tasks_waiting())
        yield _gauge("evenhand_messages_waiting", "Messages not yet sent.", messages.waiting_messages().count())
        yield _gauge(
            "evenhand_messages_failed",
            "Messages that failed and are no longer retried.",
            messages.failed_messages().count(),
        )
        yield _gauge("evenhand_workers", "Workers with a recent heartbeat.", messages.live_workers().count())
        if (age := last_backup_seconds()) is not None:
            yield _gauge("evenhand_last_backup_age_seconds", "Time since the last backup.", age)
        yield _chains()


def _gauge(name: str, description: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, description, value=value)


def _tasks_waiting() -> int:
    return int(apps.get_model("django_tasks_database", "DBTaskResult").objects.filter(status="READY").count())


def _chains() -> GaugeMetricFamily:
    """The number of ledger entries of each authority."""
    gauge = GaugeMetricFamily("evenhand_record_entries", "Entries in the record of changes.", labels=["authority"])
    entries = apps.get_model("ledger", "Entry").objects.order_by()
    for row in entries.values("authority_id").annotate(entries=Count("pk")):
        gauge.add_metric([str(row["authority_id"] or "")], row["entries"])
    return gauge


def last_backup_seconds() -> float | None:
    """None if no backup has been made."""
    at = parse_datetime(str(load_last(BACKUP).get("at", "")))
    return None if at is None else max(0.0, (timezone.now() - at).total_seconds())

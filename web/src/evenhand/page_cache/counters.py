"""The counters of public changes. A cached page is used only while the counters it was made under are unchanged."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.utils import timezone

from evenhand.modules import ChangedPages
from evenhand.page_cache.changes import changes_public_pages, pages_changed
from evenhand.page_cache.models import PageCounter

EVERYONE = UUID(int=0)  # the counter of changes to every page


def raise_counters(entries: Iterable[tuple[str, UUID, UUID | None]]) -> None:
    """Raise the counters of everything that the entries (action, subject, authority) change, in their transaction."""
    public = [entry for entry in entries if changes_public_pages(entry[0])]
    scopes = {scope for entry in public for scope in _scopes(*entry)}
    for scope in sorted(scopes):  # always in the same order, so that two transactions cannot wait for each other
        _raise(scope)


def _scopes(action: str, subject_id: UUID, authority_id: UUID | None) -> Iterable[UUID]:
    for pages in pages_changed(action, subject_id):
        yield authority_id if authority_id and pages == ChangedPages.OF_THE_AUTHORITY else EVERYONE


def _raise(scope: UUID) -> None:
    counter, now = PageCounter.objects.filter(scope=scope), timezone.now()
    if not counter.update(number=F("number") + 1, raised_at=now):
        PageCounter.objects.bulk_create([PageCounter(scope=scope, raised_at=now)], ignore_conflicts=True)
        counter.update(number=F("number") + 1, raised_at=now)


def version_of(condition: str = "", parameters: Sequence[str] = (), also: str = "") -> str:
    """One text that changes whenever a counter is raised. Read it before the page is made.

    `condition` is SQL that selects counters, by default all of them, and `also` a further expression to include. They
    contain only our own names: what a visitor sends is in `parameters`. Written in SQL because it is run for every
    public page, and putting together a QuerySet would take longer than the rest of a cached page.
    """
    columns = f"SUM(number), MAX(raised_at){also and f', {also}'}"
    sql = f"SELECT {columns} FROM {PageCounter._meta.db_table} {condition}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return " ".join(map(str, cursor.fetchone()))

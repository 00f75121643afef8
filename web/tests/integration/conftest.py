from pathlib import Path

import pytest
from django.test import override_settings

from evenhand.authorities.models import Authority, User
from evenhand.demonstration.loading import load
from evenhand.evidence.models import Count, Snapshot
from evenhand.evidence.queries import snapshots
from evenhand.releases import actions as releases
from evenhand.releases.models import Release
from support.authorities import calderdale_with_staff, exampleton


@pytest.fixture(scope="session")
def file_roots(tmp_path_factory) -> dict[str, Path]:
    return {root: tmp_path_factory.mktemp(root) for root in ("private", "public")}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, file_roots):
    """Load the demonstration into the test database. Each test is rolled back."""
    with django_db_blocker.unblock(), override_settings(EVENHAND_FILE_ROOTS=file_roots):
        list(load())


@pytest.fixture(autouse=True)
def _isolated_files(_isolated_files, settings, file_roots) -> None:
    settings.EVENHAND_FILE_ROOTS = file_roots


@pytest.fixture
def in_production(db) -> None:
    """Real authorities run the site with staff of their own; none is only shown from published sources."""
    Authority.objects.filter(invented=False).update(demonstration=False)


@pytest.fixture
def calderdale(db) -> Authority:
    """A real authority with staff of its own."""
    return calderdale_with_staff()


@pytest.fixture
def council(db) -> Authority:
    """The invented council, which has a person for each role."""
    return exampleton()


@pytest.fixture
def fresh(calderdale: Authority, by: User) -> Release:
    """A draft for a year that is not published yet."""
    original = snapshots(calderdale).get(year=2026)
    counts = list(original.counts.all())
    new = Snapshot.objects.create(
        dataset=original.dataset,
        period="2027",
        year=2027,
        total=original.total,
        file_name=original.file_name,
        file_sha256=original.file_sha256,
        imported_at=original.imported_at,
        imported_by=by,
    )
    for count in counts:
        Count.objects.create(
            snapshot=new,
            characteristic=count.characteristic,
            category=count.category,
            count=count.count,
            origin=count.origin,
        )
    return releases.draft(
        calderdale, by=by, slug="workforce-2027", title="Workforce, 2027", policy_id="council_lt10", snapshots=[new]
    )

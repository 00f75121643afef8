from pathlib import Path

import pytest
from django.test import override_settings

from evenhand.authorities.models import Authority
from evenhand.demonstration.loading import load
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
def calderdale(db) -> Authority:
    """A real authority with staff of its own."""
    return calderdale_with_staff()


@pytest.fixture
def council(db) -> Authority:
    """The invented council, which has a person for each role."""
    return exampleton()

"""The cast and the services. Run the tests with `make test`, which starts what they need."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from evenhand.authorities import actions as authorities
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, User
from evenhand.authorities.queries import operator
from nursery import hash_sooner

hypothesis_settings.register_profile("steady", derandomize=True, deadline=None, max_examples=100)
hypothesis_settings.load_profile("steady")

REPOSITORY = Path(__file__).resolve().parents[2]


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("EVENHAND_VAR", str(REPOSITORY / ".build" / "test-var"))
    for kind in ("REQUESTS", "FORMS", "SIGN_INS", "HEAVY"):  # all tests come from one address, at once
        os.environ.setdefault(f"EVENHAND_{kind}_A_MINUTE", "1000000")
    hash_sooner()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks those that read or write the test database: on the second kind of database only they are run again."""
    for item in items:
        if "db" in getattr(item, "fixturenames", ()) or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path: Path) -> None:
    """Kept files of a test go to its own folder, and static files need no manifest."""
    settings.EVENHAND_FILE_ROOTS = {"private": tmp_path / "private", "public": tmp_path / "public"}
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "whitenoise" not in each]


@pytest.fixture
def by(db) -> User:
    """Whoever runs commands on the server."""
    return operator()


@pytest.fixture
def member(by: User) -> Callable[[Authority, Role], User]:
    """Makes someone with a role at an authority: the officer, the analyst, the approver, an outsider."""

    def make(authority: Authority, role: Role) -> User:
        email = f"{role}@{authority.slug}.example"
        return authorities.add_member(authority, by=by, email=email, name=f"The {role}", role=role).user

    return make

"""Fixtures for all tests. Run the tests with `make test`, which starts the services that they need."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from evenhand.authorities import actions as authorities
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, User
from evenhand.authorities.queries import operator
from support.fork_server import use_fast_password_hashing

for profile in ("steady", "long"):  # support/examples.py has the difference
    hypothesis_settings.register_profile(profile, derandomize=True, deadline=None, max_examples=100)
hypothesis_settings.load_profile("steady")

REPOSITORY = Path(__file__).resolve().parents[2]


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("EVENHAND_VAR", str(REPOSITORY / ".build" / "test-var"))
    for kind in ("REQUESTS", "FORMS", "SIGN_INS", "HEAVY"):  # all tests use one IP address at the same time
        os.environ.setdefault(f"EVENHAND_{kind}_A_MINUTE", "1000000")
    use_fast_password_hashing()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that use the database. Only these are run again on the second database engine."""
    for item in items:
        if "db" in getattr(item, "fixturenames", ()) or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)


@pytest.fixture(autouse=True)
def _isolated_files(settings, tmp_path: Path) -> None:
    """Store the files and cached pages of a test in its own folder, and serve static files without a manifest."""
    settings.EVENHAND_FILE_ROOTS = {"private": tmp_path / "private", "public": tmp_path / "public"}
    settings.CACHES = {**settings.CACHES, "pages": {**settings.CACHES["pages"], "LOCATION": tmp_path / "pages"}}
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if "whitenoise" not in path]


@pytest.fixture
def by(db) -> User:
    """The operator, who runs commands on the server."""
    return operator()


@pytest.fixture
def member(by: User) -> Callable[[Authority, Role], User]:
    """Return a function that adds a person with a role to an authority."""

    def add(authority: Authority, role: Role) -> User:
        email = f"{role}@{authority.slug}.example"
        return authorities.add_member(authority, by=by, email=email, name=f"The {role}", role=role).user

    return add

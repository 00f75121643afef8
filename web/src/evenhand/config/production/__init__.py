"""Refuse to start in production with unsafe settings. All of them are reported at once, each with a fix.

EVENHAND_PRODUCTION=true turns this on. The settings are checked when a web or worker process starts (`exit_if_unsafe`)
and as Django system checks, so that every other command refuses too and `evenhand check` shows the same list.
"""

import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections

from evenhand.config.production.problems import SettingProblem

REFUSED = 3  # the exit code at which gunicorn stops, rather than starting new processes for ever
GUIDE = "docs/how-to/install-in-production.md"


def exit_if_unsafe() -> None:
    """At the start of a web or worker process: return if everything is safe, or print every problem and exit."""
    try:
        problems = [*find_problems(), *demonstration_data()] if in_production() else []
    except (ImproperlyConfigured, ValueError) as error:  # settings that cannot be read end the process the same way
        sys.stderr.write(f"Evenhand does not start: {error}\n")
        sys.exit(REFUSED)
    if problems:
        sys.stderr.write(report(problems))
        sys.exit(REFUSED)
    connections.close_all()  # forked processes open their own connections


def in_production() -> bool:
    return bool(getattr(settings, "EVENHAND_PRODUCTION", False))


def find_problems() -> list[SettingProblem]:
    # imported here because it reads the settings: if they cannot be read, the caller turns the error into a message
    checks = import_module("evenhand.config.production.checks").CHECKS
    return [problem for check in checks for problem in check()]


def demonstration_data() -> Iterator[SettingProblem]:
    """Its passwords are publicly known. Not checked if the database does not answer, which `ready` reports."""
    django.setup()
    try:
        exists = apps.get_model("authorities", "Authority").objects.filter(demonstration=True).exists()
    except DatabaseError:
        exists = False
    if exists:
        reason = "it contains the demonstration data, whose users have publicly known passwords."
        fix = "Start with an empty database: run `evenhand migrate`, but not `evenhand demo`."
        yield SettingProblem("DATABASE_URL", reason, fix)


def report(problems: Sequence[SettingProblem]) -> str:
    lines = "\n".join(f"{problem.setting}: {problem.reason}\n    Fix: {problem.fix}" for problem in problems)
    count = "1 setting is" if len(problems) == 1 else f"{len(problems)} settings are"
    return (
        f"Evenhand does not start: {count} not safe in production.\n\n{lines}\n\n"
        f"This is checked because EVENHAND_PRODUCTION=true. See {GUIDE}.\n"
    )


def check_production(app_configs: Any = None, **_kwargs: Any) -> list[CheckMessage]:
    problems = find_problems() if in_production() else []
    return [_error(problem, "production.E001") for problem in problems]


def check_no_demonstration(app_configs: Any = None, databases: Any = None, **_kwargs: Any) -> list[CheckMessage]:
    problems = demonstration_data() if in_production() and databases else ()
    return [_error(problem, "production.E002") for problem in problems]


def _error(problem: SettingProblem, id_: str) -> Error:
    return Error(f"{problem.setting}: {problem.reason}", hint=problem.fix, id=id_)

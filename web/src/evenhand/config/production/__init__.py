"""What is not safe where others can reach the site, each with its mend; all of it at once, and the site does not start.

Asked for by EVENHAND_PRODUCTION=true. Held twice: when a web or worker process starts (`insist`), and as system checks,
so that every other command refuses too and `evenhand check` shows the same list.
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

from evenhand.config.production.faults import Fault

REFUSED = 3  # gunicorn stops, rather than starting another process for ever, when one ends with this
GUIDE = "docs/how-to/install-in-production.md"


def insist() -> None:
    """For the start of a process that serves or works: go on, or say everything that is wrong and end."""
    try:
        found = [*faults(), *demonstration()] if in_production() else []
    except (ImproperlyConfigured, ValueError) as fault:  # what can't even be read ends the same way
        sys.stderr.write(f"Evenhand does not start: {fault}\n")
        sys.exit(REFUSED)
    if found:
        sys.stderr.write(told(found))
        sys.exit(REFUSED)
    connections.close_all()  # the processes that are started from this one open their own


def in_production() -> bool:
    return bool(getattr(settings, "EVENHAND_PRODUCTION", False))


def faults() -> list[Fault]:
    # imported only now: it reads the settings, and what can't be read there has to end in a message too
    looks = import_module("evenhand.config.production.looks").LOOKS
    return [fault for look in looks for fault in look()]


def demonstration() -> Iterator[Fault]:
    """Its people have passwords that everybody knows. Not asked where the database can't be: `ready` says that."""
    django.setup()
    try:
        held = apps.get_model("authorities", "Authority").objects.filter(demonstration=True).exists()
    except DatabaseError:
        held = False
    if held:
        says = "it holds the demonstration, whose people sign in with passwords that everybody knows."
        mend = "Begin with an empty database: `evenhand migrate`, and no `evenhand demo`."
        yield Fault("DATABASE_URL", says, mend)


def told(found: Sequence[Fault]) -> str:
    lines = "\n".join(f"{each.setting}: {each.says}\n    Mend: {each.mend}" for each in found)
    count = "1 setting is" if len(found) == 1 else f"{len(found)} settings are"
    return (
        f"Evenhand does not start: {count} not safe in production.\n\n{lines}\n\n"
        f"EVENHAND_PRODUCTION=true asks for this. See {GUIDE}.\n"
    )


def check_production(app_configs: Any = None, **_kwargs: Any) -> list[CheckMessage]:
    found = faults() if in_production() else []
    return [Error(f"{each.setting}: {each.says}", hint=each.mend, id="production.E001") for each in found]


def check_no_demonstration(app_configs: Any = None, databases: Any = None, **_kwargs: Any) -> list[CheckMessage]:
    found = demonstration() if in_production() and databases else ()
    return [Error(f"{each.setting}: {each.says}", hint=each.mend, id="production.E002") for each in found]

"""Logs one access after another, and prints a dot for each, until it is killed."""

import os
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import django


@dataclass
class Analyst:
    id: UUID = field(default_factory=uuid4)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.config.settings")
    django.setup()
    from evenhand.ledger.access_log import log_access
    from evenhand.ledger.subjects import Subject

    person, authority_id = Analyst(), uuid4()
    while True:
        log_access(person, Subject("thing", uuid4(), authority_id))
        os.write(1, b".")

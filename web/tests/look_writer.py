"""Notes one look after the other and says so with a dot, until it is killed."""

import os
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import django


@dataclass
class Person:
    id: UUID = field(default_factory=uuid4)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.config.settings")
    django.setup()
    from evenhand.ledger.looks import note_look
    from evenhand.ledger.subjects import Subject

    person, authority_id = Person(), uuid4()
    while True:
        note_look(person, Subject("thing", uuid4(), authority_id))
        os.write(1, b".")

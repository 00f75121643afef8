"""Many writers at once, each in a process of its own.

    python ledger_writers.py WRITERS EACH AUTHORITY OTHER_AUTHORITY

Of what each does EACH times, some are plain changes; some fail half-way and must leave nothing; some are pairs in two
chains, half of the writers in one order and half in the other. Prints how many entries were acknowledged.
"""

import multiprocessing
import sys
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import django
from django.db import connection, transaction


@dataclass
class Person:
    id: UUID = field(default_factory=uuid4)


class Thought(Exception):
    """Somebody thought better of it."""


def main() -> None:
    writers, each, here, there = int(sys.argv[1]), int(sys.argv[2]), UUID(sys.argv[3]), UUID(sys.argv[4])
    django.setup()
    fork = multiprocessing.get_context("fork")
    ready, told = fork.Barrier(writers), fork.SimpleQueue()
    connection.close()
    running = [
        fork.Process(target=write, args=(each, (here, there)[:: 1 if number % 2 else -1], here, ready, told))
        for number in range(writers)
    ]
    for one in running:
        one.start()
    done = sum(told.get() for _ in running)
    for one in running:
        one.join()
        assert one.exitcode == 0
    print(done)


def write(each: int, in_order: tuple[UUID, UUID], here: UUID, ready: object, told: object) -> None:
    from evenhand.ledger.actions import Subject, recording

    person, acknowledged = Person(), []
    ready.wait()
    for number in range(each):
        subject = Subject("thing", uuid4(), here)
        if number % 3 == 1:
            try:
                with recording("test.fail", by=person, on=subject) as change:
                    change.after = {"number": number}
                    raise Thought
            except Thought:
                pass
        if number % 3 == 2:
            with recording("test.outer", by=person, on=Subject("thing", uuid4(), in_order[0])) as change:
                with recording("test.inner", by=person, on=Subject("thing", uuid4(), in_order[1])) as inside:
                    inside.after = {"number": number}
                change.after = {"number": number}
                transaction.on_commit(lambda: acknowledged.extend((1, 1)))
        else:
            with recording("test.change", by=person, on=subject) as change:
                change.after = {"number": number}
                transaction.on_commit(lambda: acknowledged.append(1))
    connection.close()
    told.put(len(acknowledged))


if __name__ == "__main__":
    main()

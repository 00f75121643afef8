"""Many concurrent writers to the ledger, each in its own process.

    python ledger_writers.py WRITERS CHANGES AUTHORITY OTHER_AUTHORITY

Each writer makes CHANGES changes. Some are plain, some fail half-way and must leave no entry, and some write to two
chains, in one order for half of the writers and in the other for the rest. Prints the number of acknowledged entries.
"""

import multiprocessing
import sys
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import django
from django.db import connection, transaction


@dataclass
class Writer:
    id: UUID = field(default_factory=uuid4)


class ChangedTheirMind(Exception):
    """The change is abandoned half-way."""


def main() -> None:
    writers, changes, authority, other = int(sys.argv[1]), int(sys.argv[2]), UUID(sys.argv[3]), UUID(sys.argv[4])
    django.setup()
    fork = multiprocessing.get_context("fork")
    ready, results = fork.Barrier(writers), fork.SimpleQueue()
    connection.close()
    processes = [
        fork.Process(
            target=write, args=(changes, (authority, other)[:: 1 if number % 2 else -1], authority, ready, results)
        )
        for number in range(writers)
    ]
    for process in processes:
        process.start()
    total = sum(results.get() for _ in processes)
    for process in processes:
        process.join()
        assert process.exitcode == 0
    print(total)


def write(changes: int, in_order: tuple[UUID, UUID], authority: UUID, ready: object, results: object) -> None:
    from evenhand.ledger.actions import Subject, recording

    person, acknowledged = Writer(), []
    ready.wait()
    for number in range(changes):
        subject = Subject("thing", uuid4(), authority)
        if number % 3 == 1:
            try:
                with recording("test.fail", by=person, on=subject) as change:
                    change.after = {"number": number}
                    raise ChangedTheirMind
            except ChangedTheirMind:
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
    results.put(len(acknowledged))


if __name__ == "__main__":
    main()

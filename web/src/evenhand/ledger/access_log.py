"""The access log: who read unprotected figures. Accesses are spooled to a file and added to the ledger in batches.

Each access is appended as one line, in a single write, to VAR/spool/looks. This costs the page almost nothing, and a
killed process loses no line. `drain` moves the file aside and writes one entry for each authority and person, under the
id of the batch. If the server stops after a batch was written but before its file was removed, the batch is recognised
by its id and not written again.
"""

import fcntl
import json
import logging
import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from evenhand.ledger.appending import append, draft
from evenhand.ledger.models import Entry
from evenhand.ledger.subjects import Actor, Subject
from evenhand.modules import registry
from evenhand.records.identity import new_id

SPOOL, BATCH_PREFIX = "looks", "looks-"
logger = logging.getLogger(__name__)


def log_access(by: Actor, subject: Subject, part: str = "") -> None:
    """Log the access before the figures are read. Raises OSError if it cannot be logged, for example on a full disk."""
    access = {
        "at": timezone.now().isoformat(timespec="microseconds"),
        "authority": str(subject.authority_id) if subject.authority_id else None,
        "by": str(by.id),
        "id": str(subject.id),
        "kind": subject.kind,
        "part": part,
    }
    # Each line also starts with a line break, so that a line cut short by a full disk does not spoil the next one.
    line = f"\n{json.dumps(access, separators=(',', ':'))}\n".encode()
    with _open_spool() as spool:
        if os.write(spool, line) != len(line):
            raise OSError(f"The access could not be logged in {spool}: the disk is full.")


def drain() -> int:
    """Add the spooled accesses to the ledger. Returns the number of accesses."""
    folder = _folder()
    with (folder / "draining").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one process at a time
        if (folder / SPOOL).exists():
            (folder / SPOOL).rename(folder / f"{BATCH_PREFIX}{new_id()}")
        return sum(_record_batch(file) for file in sorted(folder.glob(f"{BATCH_PREFIX}*")))


def _record_batch(file: Path) -> int:
    batch, action = UUID(file.name.removeprefix(BATCH_PREFIX)), registry.access_action()
    with file.open("rb") as spool:
        fcntl.flock(spool, fcntl.LOCK_EX)  # wait for processes that opened the file before it was moved
        accesses = list(_read(spool.read()))
    by_person: dict[tuple[str | None, str], list[dict[str, Any]]] = defaultdict(list)
    for access in accesses:
        by_person[access.pop("authority"), access.pop("by")].append(access)
    with transaction.atomic():
        if not Entry.objects.filter(subject_id=batch, action=action).exists():
            append(
                draft(action, UUID(person), _subject(batch, authority), _content(persons_accesses))
                for (authority, person), persons_accesses in by_person.items()
            )
    file.unlink()
    return len(accesses)


def _subject(batch: UUID, authority: str | None) -> Subject:
    return Subject("looks", batch, UUID(authority) if authority else None)


def _content(accesses: list[dict[str, Any]]) -> dict[str, Any]:
    """List each subject once, with the times at which it was read."""
    times: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for access in accesses:
        times[access["kind"], access["id"], access["part"]].append(access["at"])
    subjects = [{"kind": kind, "id": id, "part": part, "at": at} for (kind, id, part), at in times.items()]
    return {"before": {}, "after": {"looked_at": subjects}, "reason": ""}


def _read(content: bytes) -> Iterator[dict[str, Any]]:
    for line in content.splitlines():
        if not line:
            continue
        try:
            access = json.loads(line)
            yield {name: access[name] for name in ("at", "authority", "by", "id", "kind", "part")}
        except (ValueError, KeyError, TypeError):
            logger.warning("A line of the access log is incomplete. It was left out of the record of changes.")


@contextmanager
def _open_spool() -> Iterator[int]:
    """Open the current spool file, locked so that `drain` does not read it before the line is written."""
    path = _folder() / SPOOL
    while True:
        spool = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            fcntl.flock(spool, fcntl.LOCK_SH)
            if _is_current(spool, path):
                yield spool
                return
        finally:
            os.close(spool)


def _is_current(spool: int, path: Path) -> bool:
    """Whether the file was not moved aside between opening and locking it."""
    try:
        return os.path.samestat(os.fstat(spool), path.stat())
    except FileNotFoundError:
        return False


def _folder() -> Path:
    folder = Path(settings.VAR) / "spool"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder

"""Who looked at unprotected figures: noted beside the database at once, taken into the record in batches.

A look is one line, written in one piece at the end of VAR/spool/looks, so that it costs the page next to nothing and a
killed process loses none. `drain` moves the file aside and writes one entry for each authority and person, under an id
of the batch: a batch that was written and not yet removed when the machine stopped is known by its id, and not written
again.
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
from evenhand.records.identity import new_id

ACTION = "evidence.looked"
LOOKS, MOVED = "looks", "looks-"
log = logging.getLogger(__name__)


def note_look(by: Actor, subject: Subject, part: str = "") -> None:
    """Whoever can't be noted doesn't get to look: a full disk raises."""
    look = {
        "at": timezone.now().isoformat(timespec="microseconds"),
        "authority": str(subject.authority_id) if subject.authority_id else None,
        "by": str(by.id),
        "id": str(subject.id),
        "kind": subject.kind,
        "part": part,
    }
    # The line break stands before it too, so that a line that a full disk cut short spoils no other.
    line = f"\n{json.dumps(look, separators=(',', ':'))}\n".encode()
    with _open_spool() as spool:
        if os.write(spool, line) != len(line):
            raise OSError(f"The look could not be noted in {spool}: the disk is full.")


def drain() -> int:
    """Take what was noted into the record. Returns how many looks that were."""
    folder = _folder()
    with (folder / "draining").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # one at a time
        if (folder / LOOKS).exists():
            (folder / LOOKS).rename(folder / f"{MOVED}{new_id()}")
        return sum(_take_in(each) for each in sorted(folder.glob(f"{MOVED}*")))


def _take_in(file: Path) -> int:
    batch = UUID(file.name.removeprefix(MOVED))
    with file.open("rb") as moved:
        fcntl.flock(moved, fcntl.LOCK_EX)  # whoever opened it before it was moved has written by now
        looks = list(_read(moved.read()))
    by_person: dict[tuple[str | None, str], list[dict[str, Any]]] = defaultdict(list)
    for look in looks:
        by_person[look.pop("authority"), look.pop("by")].append(look)
    with transaction.atomic():
        if not Entry.objects.filter(subject_id=batch, action=ACTION).exists():
            append(
                draft(ACTION, UUID(person), _subject(batch, authority), _content(seen))
                for (authority, person), seen in by_person.items()
            )
    file.unlink()
    return len(looks)


def _subject(batch: UUID, authority: str | None) -> Subject:
    return Subject("looks", batch, UUID(authority) if authority else None)


def _content(looks: list[dict[str, Any]]) -> dict[str, Any]:
    """Each thing that was seen once, with the times."""
    times: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for look in looks:
        times[look["kind"], look["id"], look["part"]].append(look["at"])
    seen = [{"kind": kind, "id": id, "part": part, "at": at} for (kind, id, part), at in times.items()]
    return {"before": {}, "after": {"looked_at": seen}, "reason": ""}


def _read(content: bytes) -> Iterator[dict[str, Any]]:
    for line in content.splitlines():
        if not line:
            continue
        try:
            look = json.loads(line)
            yield {name: look[name] for name in ("at", "authority", "by", "id", "kind", "part")}
        except (ValueError, KeyError, TypeError):
            log.warning("A line of the looks that were noted is not whole: it was left out of the record of changes.")


@contextmanager
def _open_spool() -> Iterator[int]:
    """The spool that is in place, held so that it is not read before the line is in it."""
    path = _folder() / LOOKS
    while True:
        spool = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            fcntl.flock(spool, fcntl.LOCK_SH)
            if _is_in_place(spool, path):
                yield spool
                return
        finally:
            os.close(spool)


def _is_in_place(spool: int, path: Path) -> bool:
    """Not moved aside between the opening and the lock."""
    try:
        return os.path.samestat(os.fstat(spool), path.stat())
    except FileNotFoundError:
        return False


def _folder() -> Path:
    folder = Path(settings.VAR) / "spool"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder

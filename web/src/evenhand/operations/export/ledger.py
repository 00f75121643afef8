"""Exports the ledger so that anyone can verify it: the entries of each chain with everything that their hash covers,
the checkpoints, the public key, and a program that verifies them and needs only Python."""

from collections.abc import Iterable, Iterator
from importlib import resources
from typing import Any
from uuid import UUID

from django.db.models import Model

from evenhand.ledger import form
from evenhand.ledger.keys import public_pem
from evenhand.ledger.models import Checkpoint, Entry, Payload
from evenhand.operations.backup.rows import BATCH_SIZE, text_of
from evenhand.operations.export.marks import COLUMN as MARK_COLUMN
from evenhand.operations.export.marks import Marks
from evenhand.operations.export.scope import ExportScope
from evenhand.operations.export.tables import json_text
from evenhand.operations.export.target import WriteFile


def export_ledger_files(write_file: WriteFile, marks: Marks) -> None:
    using = marks.using
    for chain in chains(marks.scope, using):
        write_file(f"record/{chain}.jsonl", _entries(chain, using, marks.of_chain(chain)))
        write_file(f"record/{chain}.checkpoints.txt", _notes(chain, using))
    write_file("record/key.pem", [public_pem().encode()])
    write_file("record/verify.py", [resources.files("evenhand.operations.export").joinpath("verify.py").read_bytes()])


def chains(scope: ExportScope, using: str) -> list[UUID]:
    if scope.authority:
        return [scope.authority.pk]
    return list(_of(Entry, using).order_by("chain").values_list("chain", flat=True).distinct())


def _entries(chain: UUID, using: str, mark: str) -> Iterator[bytes]:
    """In order of position. If a payload has been erased, its values are null. The mark is not part of the hash."""
    batch: list[Entry] = []
    for entry in _of(Entry, using).filter(chain=chain).order_by("position").iterator(chunk_size=BATCH_SIZE):
        batch.append(entry)
        if len(batch) == BATCH_SIZE:
            yield from _with_payloads(batch, using, mark)
            batch = []
    yield from _with_payloads(batch, using, mark)


def _with_payloads(entries: Iterable[Entry], using: str, mark: str) -> Iterator[bytes]:
    ids = [entry.pk for entry in entries]
    payloads = {payload.pk: payload for payload in _of(Payload, using).filter(pk__in=ids)}
    for entry in entries:
        data = _entry_data(entry, payloads.get(entry.pk)) | ({MARK_COLUMN: mark} if mark else {})
        yield json_text(data).encode() + b"\n"


def _entry_data(entry: Entry, payload: Payload | None) -> dict[str, Any]:
    return {
        "id": str(entry.id),
        "form": form.FORM,
        "chain": str(entry.chain),
        "position": entry.position,
        "previous": entry.previous,
        "entry_hash": entry.entry_hash,
        "authority": str(entry.authority_id) if entry.authority_id else None,
        "actor_id": str(entry.actor_id),
        "blind": entry.blind,
        "action": entry.action,
        "subject_kind": entry.subject_kind,
        "subject_id": str(entry.subject_id),
        "at": text_of(entry.at),
        "commitment": entry.commitment,
        "salt": payload.salt if payload else None,
        "said": payload.text if payload else None,
    }


def _notes(chain: UUID, using: str) -> Iterator[bytes]:
    """The checkpoints as they were issued, with a line of dashes between them."""
    notes = _of(Checkpoint, using).filter(chain=chain).order_by("size").values_list("note", flat=True)
    for index, note in enumerate(notes):
        yield (("-----\n" if index else "") + note.rstrip("\n") + "\n").encode()


def _of(model: type[Model], using: str) -> Any:
    return model._base_manager.using(using)

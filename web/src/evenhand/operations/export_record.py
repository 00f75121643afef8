"""The record of changes in a form that an outsider can verify: chain by chain, each entry with all that its fingerprint
covers, the signed statements, the key, and a program that goes over them with nothing but Python."""

from collections.abc import Iterable, Iterator
from importlib import resources
from typing import Any
from uuid import UUID

from django.db.models import Model

from evenhand.ledger import form
from evenhand.ledger.keys import public_pem
from evenhand.ledger.models import Checkpoint, Entry, Payload
from evenhand.operations.backup_rows import AT_ONCE, text_of
from evenhand.operations.export_out import Put
from evenhand.operations.export_scope import Scope
from evenhand.operations.export_tables import json_text


def put_record(put: Put, scope: Scope, using: str) -> None:
    for chain in chains(scope, using):
        put(f"record/{chain}.jsonl", _entries(chain, using))
        put(f"record/{chain}.checkpoints.txt", _notes(chain, using))
    put("record/key.pem", [public_pem().encode()])
    put("record/verify.py", [resources.files("evenhand.operations").joinpath("export_verify.py").read_bytes()])


def chains(scope: Scope, using: str) -> list[UUID]:
    if scope.authority:
        return [scope.authority.pk]
    return list(_of(Entry, using).order_by("chain").values_list("chain", flat=True).distinct())


def _entries(chain: UUID, using: str) -> Iterator[bytes]:
    """By position; an erased payload leaves null in its place."""
    waiting: list[Entry] = []
    for entry in _of(Entry, using).filter(chain=chain).order_by("position").iterator(chunk_size=AT_ONCE):
        waiting.append(entry)
        if len(waiting) == AT_ONCE:
            yield from _with_payloads(waiting, using)
            waiting = []
    yield from _with_payloads(waiting, using)


def _with_payloads(entries: Iterable[Entry], using: str) -> Iterator[bytes]:
    ids = [entry.pk for entry in entries]
    payloads = {each.pk: each for each in _of(Payload, using).filter(pk__in=ids)}
    for entry in entries:
        yield json_text(_said(entry, payloads.get(entry.pk))).encode() + b"\n"


def _said(entry: Entry, payload: Payload | None) -> dict[str, Any]:
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
    """One after the other, each as it was issued, with a line of dashes between."""
    notes = _of(Checkpoint, using).filter(chain=chain).order_by("size").values_list("note", flat=True)
    for place, note in enumerate(notes):
        yield (("-----\n" if place else "") + note.rstrip("\n") + "\n").encode()


def _of(model: type[Model], using: str) -> Any:
    return model._base_manager.using(using)

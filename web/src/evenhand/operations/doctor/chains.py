"""A check of the last entries of each ledger chain, without verifying the whole chain."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from evenhand.ledger import form
from evenhand.ledger.models import Checkpoint, Entry, Head, Payload

ENTRIES_CHECKED = 200


@dataclass(frozen=True)
class ChainEnd:
    chain: UUID
    problem: str
    unsigned_since: datetime | None  # when the first entry was made that no checkpoint covers


def ends_of_chains() -> Iterator[ChainEnd]:
    for head in Head.objects.order_by("chain"):
        checkpoints = Checkpoint.objects.filter(chain=head.chain).order_by("-size")
        signed_size = checkpoints.values_list("size", flat=True).first() or 0
        unsigned = Entry.objects.filter(chain=head.chain, position=signed_size + 1).values_list("at", flat=True)
        yield ChainEnd(head.chain, _find_problem(head), unsigned.first())


def _find_problem(head: Head) -> str:
    last = list(Entry.objects.filter(chain=head.chain).order_by("-position")[:ENTRIES_CHECKED])[::-1]
    if not last or (last[-1].position, last[-1].entry_hash) != (head.position, head.hash):
        return "its last entry is not the one that its head names"
    payloads = {payload.pk: payload for payload in Payload.objects.filter(pk__in=[entry.pk for entry in last])}
    before = last[0].previous
    for entry in last:
        payload = payloads.get(entry.pk)
        if (
            entry.previous != before
            or form.fingerprint(_hashed_fields(entry), entry.position, entry.previous) != entry.entry_hash
        ):
            return f"the entry at {entry.position} was altered"
        if payload and form.payload_commitment(payload.salt, payload.text) != entry.commitment:
            return f"the content of the entry at {entry.position} was altered"
        before = entry.entry_hash
    return ""


def _hashed_fields(entry: Entry) -> dict[str, str | None]:
    return {
        "action": entry.action,
        "actor": form.actor_commitment(entry.blind, str(entry.actor_id)),
        "at": entry.at.astimezone(UTC).strftime(form.AT),
        "authority": str(entry.authority_id) if entry.authority_id else None,
        "chain": str(entry.chain),
        "commitment": entry.commitment,
        "form": form.FORM,
        "id": str(entry.id),
        "subject_id": str(entry.subject_id),
        "subject_kind": entry.subject_kind,
    }

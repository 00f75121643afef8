"""The end of each chain of the record, looked at without going over the whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from evenhand.ledger import form
from evenhand.ledger.models import Checkpoint, Entry, Head, Payload

LAST = 200


@dataclass(frozen=True)
class End:
    chain: UUID
    fault: str
    unstated_since: datetime | None  # when the first entry was made that no signed statement covers


def ends_of_chains() -> Iterator[End]:
    for head in Head.objects.order_by("chain"):
        stated = Checkpoint.objects.filter(chain=head.chain).order_by("-size").values_list("size", flat=True).first()
        first = Entry.objects.filter(chain=head.chain, position=(stated or 0) + 1).values_list("at", flat=True).first()
        yield End(head.chain, _fault(head), first)


def _fault(head: Head) -> str:
    last = list(Entry.objects.filter(chain=head.chain).order_by("-position")[:LAST])[::-1]
    if not last or (last[-1].position, last[-1].entry_hash) != (head.position, head.hash):
        return "its last entry is not the one that its end names"
    payloads = {each.pk: each for each in Payload.objects.filter(pk__in=[entry.pk for entry in last])}
    before = last[0].previous
    for entry in last:
        payload = payloads.get(entry.pk)
        if (
            entry.previous != before
            or form.fingerprint(_said(entry), entry.position, entry.previous) != entry.entry_hash
        ):
            return f"the entry at {entry.position} was altered"
        if payload and form.payload_commitment(payload.salt, payload.text) != entry.commitment:
            return f"what the entry at {entry.position} said was altered"
        before = entry.entry_hash
    return ""


def _said(entry: Entry) -> dict[str, str | None]:
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

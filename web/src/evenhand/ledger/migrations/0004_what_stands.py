"""Every entry that stands already gets its place in a chain; what its payload says becomes the text that was hashed."""

import json
import secrets
from datetime import UTC
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from evenhand.ledger import form

AT_ONCE = 100
CHAINED = ["chain", "position", "previous", "blind", "entry_hash"]


def chain(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    entries, heads = apps.get_model("ledger", "Entry").objects, apps.get_model("ledger", "Head").objects
    for authority_id in list(entries.order_by().values_list("authority_id", flat=True).distinct()):
        # The whole list at once: SQLite must not be read on from while its rows change.
        standing = list(entries.filter(authority_id=authority_id).order_by("id"))
        before = last = form.NOTHING_BEFORE
        for position, entry in enumerate(standing, start=1):
            before = last
            last = _place(entry, authority_id or form.SYSTEM, position, before)
        entries.bulk_update(standing, CHAINED, batch_size=AT_ONCE)
        heads.create(chain=authority_id or form.SYSTEM, position=len(standing), hash=last, previous=before)


def _place(entry: Any, chain: Any, position: int, previous: str) -> str:
    entry.chain, entry.position, entry.previous = chain, position, previous
    entry.blind = secrets.token_hex(32)
    said = {
        "action": entry.action,
        "actor": form.actor_commitment(entry.blind, str(entry.actor_id)),
        "at": entry.at.astimezone(UTC).strftime(form.AT),
        "authority": str(entry.authority_id) if entry.authority_id else None,
        "chain": str(chain),
        "commitment": entry.commitment,
        "form": form.FORM,
        "id": str(entry.id),
        "subject_id": str(entry.subject_id),
        "subject_kind": entry.subject_kind,
    }
    entry.entry_hash = form.fingerprint(said, position, previous)
    return entry.entry_hash


def keep_what_was_hashed(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """A database's JSON type gives back the same values in a writing of its own."""
    payloads = apps.get_model("ledger", "Payload").objects
    for payload in list(payloads.all()):
        payloads.filter(pk=payload.pk).update(text=form.payload_text(json.loads(payload.text), DjangoJSONEncoder))


class Migration(migrations.Migration):
    # Apart from the columns, because PostgreSQL does not change rows and their table in one transaction.
    dependencies = [("ledger", "0003_chain")]

    operations = [
        migrations.RunPython(keep_what_was_hashed, migrations.RunPython.noop),
        migrations.RunPython(chain, migrations.RunPython.noop),
    ]

from django.db import migrations

from evenhand.records.immutability import Frozen


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        Frozen("ledger_entry", on=("update", "delete"), message="the record of changes is append-only"),
        Frozen("ledger_payload", on=("update",), message="a payload may be erased, not altered"),
    ]

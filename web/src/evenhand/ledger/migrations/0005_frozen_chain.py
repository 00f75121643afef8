from django.db import migrations, models

from evenhand.records.immutability import Frozen


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_what_stands")]

    operations = [
        migrations.AlterField(
            "entry", "chain", models.UUIDField(help_text="The authority, or the nil id for what belongs to none.")
        ),
        migrations.AlterField(
            "entry", "position", models.PositiveBigIntegerField(help_text="1, 2, 3, … in its chain.")
        ),
        migrations.AlterField("entry", "previous", models.CharField(max_length=64)),
        migrations.AlterField("entry", "blind", models.CharField(max_length=64)),
        migrations.AlterField("entry", "entry_hash", models.CharField(max_length=64)),
        migrations.AddConstraint(
            "entry",
            models.UniqueConstraint(fields=("chain", "position"), name="one_entry_at_each_position"),
        ),
        migrations.AddIndex("entry", models.Index(fields=["chain", "action", "position"], name="entries_of_an_action")),
        Frozen("ledger_entry", on=("update", "delete"), message="the record of changes is append-only"),
        Frozen("ledger_payload", on=("update",), message="a payload may be erased, not altered"),
        Frozen(
            "ledger_payload",
            on=("delete",),
            when="EXISTS (SELECT 1 FROM ledger_entry WHERE id = OLD.entry_id AND action = 'ledger.erase')",
            message="what was erased stays named: this payload cannot be altered or erased",
        ),
        Frozen("ledger_head", on=("delete",), message="the record of changes is append-only"),
        Frozen(
            "ledger_head",
            on=("update",),
            when="NEW.chain <> OLD.chain OR NEW.position <> OLD.position + 1",
            message="the record of changes is append-only",
        ),
        Frozen("ledger_subtree", on=("update", "delete"), message="the record of changes is append-only"),
        Frozen("ledger_checkpoint", on=("update", "delete"), message="a signed checkpoint cannot be changed"),
    ]

"""The columns of the chain, and the tables around it. What stands already gets its place in the next step."""

from django.db import migrations, models

import evenhand.records.identity
from evenhand.ledger import form
from evenhand.records.immutability import Unfrozen


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_frozen")]

    operations = [
        Unfrozen("ledger_entry", on=("update", "delete"), message="the record of changes is append-only"),
        Unfrozen("ledger_payload", on=("update",), message="a payload may be erased, not altered"),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("chain", models.UUIDField(primary_key=True, serialize=False)),
                ("position", models.PositiveBigIntegerField(default=0)),
                ("hash", models.CharField(default=form.NOTHING_BEFORE, max_length=64)),
                ("previous", models.CharField(default=form.NOTHING_BEFORE, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Subtree",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=evenhand.records.identity.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("chain", models.UUIDField()),
                ("level", models.PositiveSmallIntegerField()),
                ("index", models.PositiveBigIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("chain", "level", "index"), name="each_subtree_once")],
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=evenhand.records.identity.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("chain", models.UUIDField()),
                ("size", models.PositiveBigIntegerField()),
                ("note", models.TextField()),
                ("issued_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("chain", "size"), name="one_checkpoint_for_each_size")],
            },
        ),
        migrations.RenameField("payload", "content", "text"),
        migrations.AlterField("payload", "text", models.TextField(db_column="content")),
        migrations.AlterField("entry", "authority_id", models.UUIDField(null=True)),
        migrations.AddField("entry", "chain", models.UUIDField(null=True)),
        migrations.AddField("entry", "position", models.PositiveBigIntegerField(null=True)),
        migrations.AddField("entry", "previous", models.CharField(max_length=64, null=True)),
        migrations.AddField("entry", "blind", models.CharField(max_length=64, null=True)),
        migrations.AddField("entry", "entry_hash", models.CharField(max_length=64, null=True)),
    ]

from django.db import migrations, models

from evenhand.authorities.invented import keep_apart
from evenhand.records.immutability import AlterFrozenTable, Frozen

MIXED = (
    "(SELECT invented FROM releases_release WHERE id = NEW.release_id) <> (SELECT d.invented FROM evidence_dataset d "
    "JOIN evidence_snapshot s ON s.dataset_id = d.id WHERE s.id = NEW.snapshot_id)"
)
MESSAGE = "a publication of real figures has no invented table, and the reverse"


class Migration(migrations.Migration):
    """Every publication that exists is real."""

    dependencies = [
        ("releases", "0006_plain_words"),
        ("evidence", "0003_invented"),
        ("authorities", "0005_kept_apart"),
    ]

    operations = [
        AlterFrozenTable(
            "releases_release",
            [
                migrations.AddField(
                    "release",
                    "invented",
                    models.BooleanField(
                        default=False, help_text="Of an invented authority. Fixed when the draft is created."
                    ),
                )
            ],
        ),
        *keep_apart("releases_release"),
        Frozen("releases_releasetable", on=("insert",), when=MIXED, message=MESSAGE, name="releases_releasetable_kind"),
        Frozen(
            "releases_releasetable",
            on=("update",),
            when=MIXED,
            columns=("release_id", "snapshot_id"),
            message=MESSAGE,
            name="releases_releasetable_kind",
        ),
    ]

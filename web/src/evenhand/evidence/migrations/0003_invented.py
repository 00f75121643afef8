from django.db import migrations, models

from evenhand.authorities.invented import IS_SHOWN_FROM_SOURCES, keep_apart
from evenhand.records.immutability import Frozen

NO_SOURCE = "NEW.publisher = '' OR NEW.address = '' OR NEW.retrieved_on IS NULL"
MESSAGE = "figures of a real body that is shown from published sources need their publisher, date and address"


class Migration(migrations.Migration):
    """Every data set that exists is real."""

    dependencies = [("evidence", "0002_plain_words"), ("authorities", "0005_kept_apart")]

    operations = [
        migrations.AddField(
            "dataset",
            "invented",
            models.BooleanField(default=False, help_text="Of an invented authority. Fixed when the data set is added."),
        ),
        *keep_apart("evidence_dataset"),
        Frozen(
            "evidence_dataset",
            on=("insert",),
            when=f"{IS_SHOWN_FROM_SOURCES} AND ({NO_SOURCE})",
            message=MESSAGE,
            name="evidence_dataset_source",
        ),
        Frozen(
            "evidence_dataset",
            on=("update",),
            when=f"{IS_SHOWN_FROM_SOURCES} AND ({NO_SOURCE})",
            columns=("publisher", "address", "retrieved_on"),
            message=MESSAGE,
            name="evidence_dataset_source",
        ),
        Frozen(
            "evidence_snapshot",
            on=("update",),
            columns=("dataset_id",),
            message="figures stay in their data set",
            name="evidence_snapshot_dataset",
        ),
    ]

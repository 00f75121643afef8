"""Labels and help texts in plain words. Only the state changes: the database does not store them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0005_frozen_chain"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="entry",
                    name="chain",
                    field=models.UUIDField(
                        help_text="The id of the authority, or the nil id for entries that belong to none."
                    ),
                ),
                migrations.AlterField(
                    model_name="entry",
                    name="position",
                    field=models.PositiveBigIntegerField(help_text="The position in the chain, counted from 1."),
                ),
            ]
        )
    ]

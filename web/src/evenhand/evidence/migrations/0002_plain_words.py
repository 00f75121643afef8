"""Labels and help texts in plain words. Only the state changes: the database does not store them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="count",
                    name="origin",
                    field=models.CharField(
                        choices=[
                            ("given", "Given in the source"),
                            ("remainder", "Rest of the total in the source"),
                            ("not_given", "No figure in the source"),
                        ],
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="snapshot",
                    name="file_sha256",
                    field=models.CharField(
                        help_text="Must not be shown: someone who knows all other counts could confirm a guess with it.",
                        max_length=64,
                    ),
                ),
                migrations.AlterField(
                    model_name="snapshot",
                    name="period",
                    field=models.CharField(help_text="2026, or 2021-10 if the source gives the month.", max_length=7),
                ),
            ]
        )
    ]

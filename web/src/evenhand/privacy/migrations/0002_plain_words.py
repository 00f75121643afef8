"""Labels and help texts in plain words. Only the state changes: the database does not store them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0001_requests"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="request",
                    name="kind",
                    field=models.CharField(
                        choices=[
                            ("access", "To see the data that we hold about them"),
                            ("objection", "To object to the use of their data"),
                            ("erasure", "To have their data erased"),
                        ],
                        max_length=20,
                    ),
                ),
                migrations.AlterField(
                    model_name="request",
                    name="outcome",
                    field=models.CharField(
                        blank=True,
                        choices=[
                            ("done", "Done in full"),
                            ("partly", "Done in part"),
                            ("refused", "Refused, with a reason"),
                            ("withdrawn", "Withdrawn by the person"),
                        ],
                        max_length=20,
                    ),
                ),
            ]
        )
    ]

"""Labels and help texts in plain words. Only the state changes: the database does not store them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("plans", "0002_frozen"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="plannode",
                    name="position",
                    field=models.PositiveSmallIntegerField(help_text="The position in the document, counted from 1."),
                ),
            ]
        )
    ]

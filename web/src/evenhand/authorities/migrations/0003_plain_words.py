"""Labels and help texts in plain words. Only the state changes: the database does not store them."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("authorities", "0002_people"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="authority",
                    name="area_code",
                    field=models.CharField(
                        help_text="The statistical code of the area that it serves, for example E47000004.",
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[EJKNSW][0-9]{8}$", "An area code is a letter and eight figures: E08000012."
                            )
                        ],
                    ),
                ),
                migrations.AlterField(
                    model_name="authority",
                    name="closed_on",
                    field=models.DateField(blank=True, help_text="The date on which it ceased to exist.", null=True),
                ),
                migrations.AlterField(
                    model_name="authority",
                    name="version",
                    field=models.PositiveIntegerField(
                        default=1,
                        help_text="Increases with each change, so that two people can't overwrite each other's changes.",
                    ),
                ),
                migrations.AlterField(
                    model_name="membership",
                    name="group_lost_at",
                    field=models.DateTimeField(
                        help_text="When no group gave the role any more; the last administrator keeps it.", null=True
                    ),
                ),
                migrations.AlterField(
                    model_name="membership",
                    name="source",
                    field=models.CharField(
                        blank=True,
                        help_text="The sign-in service that gave the role through a group; empty if a person gave it.",
                        max_length=100,
                    ),
                ),
                migrations.AlterField(
                    model_name="membership",
                    name="started_at",
                    field=models.DateTimeField(help_text="Empty if it is not known.", null=True),
                ),
                migrations.AlterField(
                    model_name="succession",
                    name="breaks",
                    field=models.TextField(help_text="What cannot be compared before and after the date, in words."),
                ),
                migrations.AlterField(
                    model_name="user",
                    name="is_operator",
                    field=models.BooleanField(
                        default=False,
                        help_text="The account that commands on the server run as. There is one, and it can't sign in.",
                    ),
                ),
            ]
        )
    ]

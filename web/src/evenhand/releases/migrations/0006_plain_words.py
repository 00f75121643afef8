"""Labels and help texts in plain words. Only the state changes: the database does not store them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("releases", "0005_certificate"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="release",
                    name="certificate",
                    field=models.JSONField(
                        help_text="What the check tested, and the result; empty until it is checked.", null=True
                    ),
                ),
                migrations.AlterField(
                    model_name="release",
                    name="comparison",
                    field=models.JSONField(
                        help_text="What other policies and groupings would show and hide. Must not be published.",
                        null=True,
                    ),
                ),
                migrations.AlterField(
                    model_name="release",
                    name="protected_by",
                    field=models.ForeignKey(
                        help_text="The person who protected it, who may not approve it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="releasetable",
                    name="audit",
                    field=models.JSONField(
                        help_text="The result of the check of `content`; empty until it is checked.", null=True
                    ),
                ),
                migrations.AlterField(
                    model_name="releasetable",
                    name="reasons",
                    field=models.JSONField(
                        help_text="Why each hidden figure is hidden. Must not be published.", null=True
                    ),
                ),
            ]
        )
    ]

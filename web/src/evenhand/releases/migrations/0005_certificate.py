from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("releases", "0004_who_protected")]

    operations = [
        migrations.AddField(
            model_name="release",
            name="certificate",
            field=models.JSONField(
                help_text="What readers were tried on and what they were left with; empty until it is checked.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="comparison",
            field=models.JSONField(
                help_text="What other policies and groupings would show and hide. Never for the public.", null=True
            ),
        ),
        migrations.AddField(
            model_name="releasetable",
            name="reasons",
            field=models.JSONField(help_text="Why each hidden figure is hidden. Never for the public.", null=True),
        ),
    ]

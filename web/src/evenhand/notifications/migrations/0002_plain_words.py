"""Labels and help texts in plain words. Only the state changes: the database does not store them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0001_messages"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="message",
                    name="due_at",
                    field=models.DateTimeField(help_text="When it will next be tried."),
                ),
                migrations.AlterField(
                    model_name="message",
                    name="ended_at",
                    field=models.DateTimeField(
                        help_text="When it was sent, or when the last attempt failed.", null=True
                    ),
                ),
                migrations.AlterField(
                    model_name="message",
                    name="why",
                    field=models.TextField(help_text="The error of the last attempt; empty if it succeeded."),
                ),
                migrations.AlterField(
                    model_name="round",
                    name="faults",
                    field=models.PositiveIntegerField(default=0, help_text="The number of failures in a row."),
                ),
                migrations.AlterField(
                    model_name="round",
                    name="why",
                    field=models.CharField(help_text="The type of the last error.", max_length=200),
                ),
            ]
        )
    ]

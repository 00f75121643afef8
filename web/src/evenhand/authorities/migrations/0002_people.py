import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import evenhand.records.identity


class Migration(migrations.Migration):
    dependencies = [
        ("authorities", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=evenhand.records.identity.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject_kind", models.CharField(max_length=100)),
                ("subject_id", models.UUIDField()),
                ("title", models.CharField(max_length=200)),
                ("link", models.CharField(max_length=500)),
                ("since", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["since"],
            },
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=evenhand.records.identity.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("viewer", "Viewer"),
                            ("officer", "Officer"),
                            ("analyst", "Analyst"),
                            ("approver", "Approver"),
                            ("administrator", "Administrator"),
                            ("scrutiny", "Scrutiny"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("ended_early_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["starts_at"],
            },
        ),
        migrations.CreateModel(
            name="GroupRole",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=evenhand.records.identity.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("provider", models.CharField(max_length=100)),
                ("group", models.CharField(max_length=200)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("viewer", "Viewer"),
                            ("officer", "Officer"),
                            ("analyst", "Analyst"),
                            ("approver", "Approver"),
                            ("administrator", "Administrator"),
                            ("scrutiny", "Scrutiny"),
                        ],
                        max_length=20,
                    ),
                ),
            ],
            options={
                "ordering": ["provider", "group", "role"],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=evenhand.records.identity.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("name", models.CharField(max_length=200)),
                ("roles", models.JSONField()),
                ("token_sha256", models.CharField(max_length=64, unique=True)),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Succession",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=evenhand.records.identity.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("on", models.DateField()),
                ("breaks", models.TextField(help_text="What can't be compared across the day, in words.")),
            ],
            options={
                "ordering": ["on"],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=evenhand.records.identity.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("closed_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="membership",
            name="one_of_each_role",
        ),
        migrations.AddField(
            model_name="authority",
            name="closed_on",
            field=models.DateField(blank=True, help_text="The first day on which it was no more.", null=True),
        ),
        migrations.AddField(
            model_name="authority",
            name="founded_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="authority",
            name="version",
            field=models.PositiveIntegerField(
                default=1,
                help_text="Rises with each change of the details, so that two people don't overwrite each other.",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="ended_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="membership",
            name="group_lost_at",
            field=models.DateTimeField(
                help_text="When no group gave the role any more, though the last administrator keeps it.", null=True
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="source",
            field=models.CharField(
                blank=True,
                help_text="The sign-in service one of whose groups gave the role; empty where a person gave it.",
                max_length=100,
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="started_at",
            field=models.DateTimeField(help_text="Not known for the first ones.", null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="left_at",
            field=models.DateTimeField(help_text="When the person's access ended everywhere.", null=True),
        ),
        migrations.AlterField(
            model_name="authority",
            name="kind",
            field=models.CharField(
                choices=[
                    ("combined_authority", "Combined authority"),
                    ("metropolitan_district", "Metropolitan district council"),
                    ("unitary_authority", "Unitary authority"),
                    ("county_council", "County council"),
                    ("district_council", "District council"),
                    ("london_borough", "London borough council"),
                    ("fire_authority", "Fire and rescue authority"),
                    ("police_and_crime_commissioner", "Police and crime commissioner"),
                    ("police_force", "Police force"),
                    ("transport_body", "Transport body"),
                    ("national_park_authority", "National park authority"),
                    ("nhs_body", "NHS body"),
                    ("university", "University"),
                    ("college_or_school", "College or school"),
                    ("government_department", "Government department or agency"),
                    ("other_public_body", "Other public body"),
                ],
                max_length=40,
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="authority",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="authorities.authority"
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="authority",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="delegations", to="authorities.authority"
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="giver",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="delegations_given",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="receiver",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="delegations_received",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="grouprole",
            name="authority",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="group_roles", to="authorities.authority"
            ),
        ),
        migrations.AddField(
            model_name="grouprole",
            name="set_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="accepted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="authority",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="invitations", to="authorities.authority"
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="invited_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="succession",
            name="predecessor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="successions", to="authorities.authority"
            ),
        ),
        migrations.AddField(
            model_name="succession",
            name="successor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="inheritances", to="authorities.authority"
            ),
        ),
        migrations.AddField(
            model_name="unit",
            name="authority",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="units", to="authorities.authority"
            ),
        ),
        migrations.AddField(
            model_name="unit",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="children",
                to="authorities.unit",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="unit",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="authorities.unit"
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="unit",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to="authorities.unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("authority", "user", "role"), name="one_of_each_role"
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("authority", "subject_kind", "subject_id"),
                name="in_one_persons_hands",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("giver", models.F("receiver")), _negated=True), name="nobody_lends_to_themselves"
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gte", models.F("starts_at"))), name="delegation_has_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="grouprole",
            constraint=models.UniqueConstraint(
                fields=("authority", "provider", "group", "role"), name="group_role_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.UniqueConstraint(fields=("predecessor", "successor"), name="one_succession"),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.CheckConstraint(
                condition=models.Q(("predecessor", models.F("successor")), _negated=True),
                name="nobody_succeeds_themselves",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_on", None)), fields=("authority", "parent", "name"), name="unit_name_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_on", None), ("parent", None)),
                fields=("authority", "name"),
                name="highest_unit_name_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("accepted_at", None), ("withdrawn_at", None)),
                fields=("authority", "email"),
                name="one_open_invitation",
            ),
        ),
    ]

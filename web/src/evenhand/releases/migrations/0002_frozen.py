from django.db import migrations

from evenhand.records.immutability import Frozen


class Migration(migrations.Migration):
    dependencies = [("releases", "0001_initial")]

    operations = [
        Frozen(
            "releases_release",
            on=("update", "delete"),
            when="OLD.state = 'published'",
            message="a published publication cannot be changed",
        ),
        Frozen(
            "releases_releasetable",
            on=("update", "delete"),
            when="(SELECT state FROM releases_release WHERE id = OLD.release_id) = 'published'",
            message="a table of a published publication cannot be changed",
        ),
        Frozen(
            "releases_releasetable",
            on=("insert",),
            when="(SELECT state FROM releases_release WHERE id = NEW.release_id) = 'published'",
            message="a published publication takes no more tables",
        ),
    ]

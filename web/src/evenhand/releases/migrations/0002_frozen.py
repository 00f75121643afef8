from django.db import migrations

from evenhand.records.immutability import Frozen

OUT = "(SELECT state FROM releases_release WHERE id = {}.release_id) = 'published'"
OLD, NEW = OUT.format("OLD"), OUT.format("NEW")


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
            on=("update",),
            when=f"({OLD}) OR ({NEW})",
            message="a table of a published publication cannot be changed, nor one moved into it",
        ),
        Frozen(
            "releases_releasetable",
            on=("delete",),
            when=OLD,
            message="a table of a published publication cannot be changed",
        ),
        Frozen(
            "releases_releasetable",
            on=("insert",),
            when=NEW,
            message="a published publication takes no more tables",
        ),
    ]

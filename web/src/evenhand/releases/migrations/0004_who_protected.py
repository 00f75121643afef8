from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def read_from_the_record(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Of what is not out yet, who protected it last: the field is new, the record of changes is not."""
    release, entry = apps.get_model("releases", "Release"), apps.get_model("ledger", "Entry")
    for each in release.objects.exclude(state__in=("draft", "published")):
        acts = entry.objects.filter(subject_id=each.id, action="releases.protect").order_by("id")
        if last := acts.last():
            release.objects.filter(id=each.id).update(protected_by_id=last.actor_id)


class Migration(migrations.Migration):
    # Apart from the field, because PostgreSQL does not change rows and their table in one transaction.
    dependencies = [("ledger", "0001_initial"), ("releases", "0003_protected_by")]

    operations = [migrations.RunPython(read_from_the_record, migrations.RunPython.noop)]

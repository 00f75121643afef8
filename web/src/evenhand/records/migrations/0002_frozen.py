from django.db import migrations

from evenhand.records.immutability import Frozen


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]

    operations = [
        Frozen("records_takenslug", on=("update", "delete"), message="an address is given once, for good"),
    ]

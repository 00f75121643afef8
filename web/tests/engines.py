"""Which kind of database the tests run on: some have a part for each, since all of it twice would find no more."""

from django.conf import settings


def on_postgresql() -> bool:
    return str(settings.DATABASES["default"]["ENGINE"]).endswith("postgresql")

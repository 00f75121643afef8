"""The database engine that the tests run on. Some tests are split between the engines, to save time."""

from django.conf import settings


def on_postgresql() -> bool:
    return str(settings.DATABASES["default"]["ENGINE"]).endswith("postgresql")

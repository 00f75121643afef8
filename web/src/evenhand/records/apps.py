from django.apps import AppConfig
from django.core import checks

from evenhand.records.classification import check_every_field_is_classified, check_every_model_says_how_long


class RecordsConfig(AppConfig):
    name = "evenhand.records"
    verbose_name = "Records"

    def ready(self) -> None:
        checks.register(check_every_field_is_classified, checks.Tags.models)
        checks.register(check_every_model_says_how_long, checks.Tags.models)

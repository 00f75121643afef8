from django.apps import AppConfig
from django.core import checks

from evenhand.records.classification import (
    check_every_field_is_classified,
    check_every_model_says_how_long,
    check_every_model_says_whom,
)
from evenhand.records.clock import check_every_clock_runs


class RecordsConfig(AppConfig):
    name = "evenhand.records"
    verbose_name = "Records"

    def ready(self) -> None:
        checks.register(check_every_field_is_classified, checks.Tags.models)
        checks.register(check_every_model_says_how_long, checks.Tags.models)
        checks.register(check_every_model_says_whom, checks.Tags.models)
        checks.register(check_every_clock_runs, checks.Tags.models)

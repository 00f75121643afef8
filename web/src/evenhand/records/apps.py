from django.apps import AppConfig
from django.core import checks

from evenhand.records.classification import (
    check_every_field_is_classified,
    check_every_model_has_a_retention_period,
    check_every_model_names_its_data_subject,
)
from evenhand.records.migration_check import check_frozen_tables_are_altered_safely
from evenhand.records.purposes import check_every_app_with_personal_fields_has_a_purpose
from evenhand.records.retention_checks import check_time_limits_can_be_applied


class RecordsConfig(AppConfig):
    name = "evenhand.records"
    verbose_name = "Records"

    def ready(self) -> None:
        checks.register(check_every_field_is_classified, checks.Tags.models)
        checks.register(check_every_model_has_a_retention_period, checks.Tags.models)
        checks.register(check_every_model_names_its_data_subject, checks.Tags.models)
        checks.register(check_every_app_with_personal_fields_has_a_purpose, checks.Tags.models)
        checks.register(check_time_limits_can_be_applied, checks.Tags.models)
        checks.register(check_frozen_tables_are_altered_safely, checks.Tags.models)

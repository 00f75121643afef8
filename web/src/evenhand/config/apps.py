from django.apps import AppConfig
from django.core import checks

from evenhand.config.house import check_foreign_keys_point_down


class ConfigConfig(AppConfig):
    name = "evenhand.config"
    verbose_name = "Configuration"

    def ready(self) -> None:
        checks.register(check_foreign_keys_point_down, checks.Tags.models)

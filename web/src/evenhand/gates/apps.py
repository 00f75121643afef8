from django.apps import AppConfig
from django.core import checks

from evenhand.gates.registry import check_every_requirement_is_provided


class GatesConfig(AppConfig):
    name = "evenhand.gates"
    verbose_name = "Gates"

    def ready(self) -> None:
        checks.register(check_every_requirement_is_provided)

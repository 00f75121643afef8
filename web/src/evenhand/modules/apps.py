from django.apps import AppConfig
from django.core import checks

from evenhand.modules.checks import TAG, check_modules


class ModulesConfig(AppConfig):
    name = "evenhand.modules"
    verbose_name = "Modules"

    def ready(self) -> None:
        checks.register(check_modules, TAG, deploy=True)

from django.apps import AppConfig
from django.core import checks

from evenhand.config.layers import check_foreign_keys_point_down
from evenhand.config.production import check_no_demonstration, check_production
from evenhand.config.template_links import check_templates_link_down
from evenhand.modules.checks import TAG


class ConfigConfig(AppConfig):
    name = "evenhand.config"
    verbose_name = "Configuration"

    def ready(self) -> None:
        checks.register(check_foreign_keys_point_down, checks.Tags.models)
        checks.register(check_templates_link_down, TAG, deploy=True)
        checks.register(check_production, checks.Tags.security)
        checks.register(check_no_demonstration, checks.Tags.database)

from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    name = "evenhand.demonstration"
    verbose_name = "Demonstration"

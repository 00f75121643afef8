from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "evenhand.operations"
    verbose_name = "Running and leaving"

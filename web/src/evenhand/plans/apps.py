from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "evenhand.plans"
    verbose_name = "Plans"

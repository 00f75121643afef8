from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "evenhand.privacy"
    verbose_name = "Personal data"

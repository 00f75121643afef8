from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "evenhand.public"
    verbose_name = "Public pages"

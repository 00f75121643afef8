from django.apps import AppConfig


class AuthoritiesConfig(AppConfig):
    name = "evenhand.authorities"
    verbose_name = "Authorities"

from django.apps import AppConfig


class SignInConfig(AppConfig):
    name = "evenhand.sign_in"
    verbose_name = "Sign-in"

from django.apps import AppConfig


class SignInConfig(AppConfig):
    name = "evenhand.sign_in"
    verbose_name = "Sign-in"

    def ready(self) -> None:
        from evenhand.authorities import access_ended  # noqa: PLC0415  models are not loaded before this
        from evenhand.sign_in import signals  # noqa: PLC0415

        signals.connect()
        access_ended.register(signals.end_sessions_on_leaving)

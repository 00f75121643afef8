from django.apps import AppConfig


class SignInConfig(AppConfig):
    name = "evenhand.sign_in"
    verbose_name = "Sign-in"

    def ready(self) -> None:
        from evenhand.authorities import leaving  # noqa: PLC0415  models are not there before
        from evenhand.sign_in import recorded  # noqa: PLC0415

        recorded.listen()
        leaving.on_leave(recorded.left)

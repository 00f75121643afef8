from evenhand.modules.config import ModuleConfig


class SignInConfig(ModuleConfig):
    name = "evenhand.sign_in"
    verbose_name = "Sign-in"

    def ready(self) -> None:
        super().ready()
        from evenhand.sign_in import signals  # noqa: PLC0415  models are not loaded before this

        signals.connect()

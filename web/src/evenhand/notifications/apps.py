from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "evenhand.notifications"
    verbose_name = "Messages"

    def ready(self) -> None:
        from evenhand.notifications import work  # noqa: PLC0415 - models are not loaded before

        work.register()

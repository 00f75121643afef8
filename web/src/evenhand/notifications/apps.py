from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "evenhand.notifications"
    verbose_name = "Messages"

    def ready(self) -> None:
        from evenhand.notifications import default_schedule  # noqa: PLC0415 - models must be loaded first

        default_schedule.register()

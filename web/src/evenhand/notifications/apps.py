from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "evenhand.notifications"
    verbose_name = "Messages"

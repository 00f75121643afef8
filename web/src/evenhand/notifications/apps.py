from evenhand.modules.config import ModuleConfig


class NotificationsConfig(ModuleConfig):
    name = "evenhand.notifications"
    verbose_name = "Messages"

from evenhand.modules.config import ModuleConfig


class PrivacyConfig(ModuleConfig):
    name = "evenhand.privacy"
    verbose_name = "Personal data"

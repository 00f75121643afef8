from evenhand.modules.config import ModuleConfig


class PublicConfig(ModuleConfig):
    name = "evenhand.public"
    verbose_name = "Public pages"

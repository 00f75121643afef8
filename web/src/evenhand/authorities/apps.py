from evenhand.modules.config import ModuleConfig


class AuthoritiesConfig(ModuleConfig):
    name = "evenhand.authorities"
    verbose_name = "Authorities"

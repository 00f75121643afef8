from evenhand.modules.config import ModuleConfig


class OrganisationConfig(ModuleConfig):
    name = "evenhand.organisation"
    verbose_name = "Organisation"

from evenhand.modules.config import ModuleConfig


class DemonstrationConfig(ModuleConfig):
    name = "evenhand.demonstration"
    verbose_name = "Demonstration"

from evenhand.modules.config import ModuleConfig


class PlansConfig(ModuleConfig):
    name = "evenhand.plans"
    verbose_name = "Plans"

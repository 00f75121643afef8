from evenhand.modules.config import ModuleConfig


class OperationsConfig(ModuleConfig):
    name = "evenhand.operations"
    verbose_name = "Operations"

from evenhand.modules.config import ModuleConfig


class ClockConfig(ModuleConfig):
    name = "evenhand.clock"
    verbose_name = "Deadlines"

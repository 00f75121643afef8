from evenhand.modules.config import ModuleConfig


class RegistersConfig(ModuleConfig):
    name = "evenhand.registers"
    verbose_name = "Registers"

from evenhand.modules.config import ModuleConfig


class LedgerConfig(ModuleConfig):
    name = "evenhand.ledger"
    verbose_name = "Record of changes"

from evenhand.modules.config import ModuleConfig


class EvidenceConfig(ModuleConfig):
    name = "evenhand.evidence"
    verbose_name = "Evidence"

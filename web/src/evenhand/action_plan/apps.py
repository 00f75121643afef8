from evenhand.modules.config import ModuleConfig


class ActionPlanConfig(ModuleConfig):
    name = "evenhand.action_plan"
    verbose_name = "Action plan"

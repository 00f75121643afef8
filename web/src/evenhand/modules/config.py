"""The AppConfig of a module: it reads the module's declarations when the models are ready."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import module_has_submodule

from evenhand.modules import registry
from evenhand.modules.declarations import Module


class ModuleConfig(AppConfig):
    """`module.py` beside the app's `apps.py` holds `MODULE`, with ordinary imports at the top.

    It is a file of its own, because an `apps.py` may not import models.
    """

    default = False  # this class is no app: its subclasses are, also where an apps.py imports it

    def __init_subclass__(cls) -> None:
        cls.default = True

    def ready(self) -> None:
        if not module_has_submodule(self.module, "module"):
            return
        declared = import_module(f"{self.name}.module").MODULE
        if not isinstance(declared, Module):
            raise TypeError(f"{self.name}.module.MODULE is not a Module.")
        registry.register(self.label, declared)

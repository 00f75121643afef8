"""What the modules have declared, in the order of INSTALLED_APPS."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps

from evenhand.modules.declarations import Module, Permission, RecordedAction, SubjectKind

_modules: dict[str, Module] = {}


def register(label: str, module: Module) -> None:
    _modules[label] = module


def modules() -> dict[str, Module]:
    """The declarations by the label of the app."""
    return dict(_modules)


def module_order() -> tuple[str, ...]:
    """The labels of our own apps, the highest layer first: the order of INSTALLED_APPS."""
    names = [config.name for config in apps.get_app_configs()]
    return tuple(name.removeprefix("evenhand.") for name in names if name.startswith("evenhand."))


def declared(what: str) -> Iterator[Any]:
    """Everything that the modules declare under one heading, such as "sections"."""
    for module in _modules.values():
        yield from getattr(module, what)


def permissions() -> list[Permission]:
    return list(declared("permissions"))


def actions() -> dict[str, RecordedAction]:
    return {action.name: action for action in declared("actions")}


def recorded_by_their_modules() -> list[str]:
    """The actions that the code of the modules records: all but the reading of unprotected figures (`access_log`)."""
    return [name for name in actions() if name != access_action()]


def subject_kinds() -> dict[str, SubjectKind]:
    return {subject.kind: subject for subject in declared("subjects")}


def access_action() -> str:
    """The one action under which the reading of unprotected figures is recorded."""
    (action,) = [module.access_action for module in _modules.values() if module.access_action]
    return action


def gates() -> dict[str, tuple[str, ...]]:
    """What each transition requires."""
    return {transition: required for module in _modules.values() for transition, required in module.gates.items()}


def providers(requirement: str) -> list[Any]:
    """The functions that check a requirement: exactly one, if the declarations are in order."""
    return [module.requirements[requirement] for module in _modules.values() if requirement in module.requirements]

"""System checks of what the modules declare, against their source code.

They read every file of the site, so they run with `evenhand check --deploy --tag source` (which `make check` does), and
not before each command.
"""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.checks import CheckMessage, Error

from evenhand.modules import registry
from evenhand.modules.declarations import Permission
from evenhand.modules.source import (
    SourceFile,
    names_used,
    recorded_actions,
    recorded_subjects,
    source_files,
    strings_naming,
)

TAG = "source"
PACKAGE = Path(__file__).parents[1]


def check_modules(app_configs: Sequence[Any] | None, **_kwargs: Any) -> list[CheckMessage]:
    files = source_files(PACKAGE)
    return [
        *undeclared_actions(files, registry.actions()),
        *undeclared_subjects(files, registry.subject_kinds()),
        *unused_permissions(files, registry.permissions()),
        *strings_that_name_a_higher_module(files, registry.module_order()),
    ]


def undeclared_actions(files: Iterable[SourceFile], declared: Collection[str]) -> list[CheckMessage]:
    return [
        Error(
            f"{place}: the action “{place.text}” has no words.",
            hint="Declare a RecordedAction in the module.py of the app, with a sentence for staff. "
            "An empty name means that `recording` was not given a constant.",
            id="modules.E001",
        )
        for file in files
        for place in recorded_actions(file)
        if place.text not in declared
    ]


def undeclared_subjects(files: Iterable[SourceFile], declared: Collection[str]) -> list[CheckMessage]:
    return [
        Error(
            f"{place}: the record of changes cannot say what a “{place.text}” is.",
            hint="Declare a SubjectKind in the module.py of the app, with a function that names its records.",
            id="modules.E002",
        )
        for file in files
        for place in recorded_subjects(file)
        if place.text and place.text not in declared
    ]


def unused_permissions(files: Sequence[SourceFile], permissions: Iterable[Permission]) -> list[CheckMessage]:
    used = {name for file in files if file.path.name not in ("module.py",) for name in names_used(file)}
    return [
        Error(
            f"Nothing uses the permission “{permission.label}” ({permission.code}).",
            hint="Ask for it with may(...) or @staff_of(...), or remove it.",
            id="modules.E003",
        )
        for permission in permissions
        if permission.code.rpartition(".")[2].upper() not in used
    ]


def strings_that_name_a_higher_module(files: Iterable[SourceFile], order: Sequence[str]) -> list[CheckMessage]:
    above = {module: set(order[:position]) for position, module in enumerate(order)}
    return [
        Error(
            f"{place}: the string “{place.text}” names a module above {file.module}.",
            hint="Let the higher module declare it in its module.py, and read it from evenhand.modules.registry.",
            id="modules.E004",
        )
        for file in files
        for place in strings_naming(file, above.get(file.module, set()))
    ]

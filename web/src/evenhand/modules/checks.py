"""System checks of what the modules declare, against their source code.

They read every file of the site, so they run with `evenhand check --deploy --tag source` (which `make check` does), and
not before each command.
"""

import ast
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.checks import CheckMessage, Error
from django.urls import NoReverseMatch, reverse

from evenhand.modules import registry
from evenhand.modules.declarations import Permission, StaffSection
from evenhand.modules.source import (
    Constants,
    SourceFile,
    names_used,
    permission_codes,
    recorded_actions,
    recorded_subjects,
    source_files,
    strings_naming,
)

TAG = "source"
PACKAGE = Path(__file__).parents[1]


def check_modules(app_configs: Sequence[Any] | None, **_kwargs: Any) -> list[CheckMessage]:
    files = source_files(PACKAGE)
    order = registry.module_order()
    installed = [file for file in files if file.module in order]
    return [
        *apps_not_installed(files, order),
        *apps_without_docstring(installed, order),
        *undeclared_actions(installed, registry.actions()),
        *unrecorded_actions(installed, registry.recorded_by_their_modules()),
        *undeclared_subjects(installed, registry.subject_kinds()),
        *undeclared_permissions(installed, registry.permissions()),
        *unused_permissions(installed, registry.permissions()),
        *strings_that_name_a_higher_module(installed, order),
        *sections_without_a_page(registry.declared("sections")),
    ]


def apps_not_installed(files: Iterable[SourceFile], order: Sequence[str]) -> list[CheckMessage]:
    return [
        Error(
            f"The module evenhand.{module} is not installed, so nothing that it declares is known.",
            hint="Add it to INSTALLED_APPS in config/settings/base.py, and to .importlinter, at its layer.",
            id="modules.E008",
        )
        for module in sorted({file.module for file in files} - set(order))
    ]


def apps_without_docstring(files: Iterable[SourceFile], order: Sequence[str]) -> list[CheckMessage]:
    explained = {file.module for file in files if file.is_app and ast.get_docstring(file.tree)}
    return [
        Error(
            f"evenhand/{module}/__init__.py does not say what is in the module.",
            hint="Add a docstring of a sentence: what is in the module, and what is not.",
            id="modules.E009",
        )
        for module in order
        if module not in explained
    ]


def undeclared_actions(files: Sequence[SourceFile], declared: Collection[str]) -> list[CheckMessage]:
    constants = Constants(files)
    return [
        Error(
            f"{place}: the action “{place.text}” has no words.",
            hint="Declare a RecordedAction in the module.py of the app, with a sentence for staff. "
            "An empty name means that `recording` was not given a constant.",
            id="modules.E001",
        )
        for file in files
        for place in recorded_actions(file, constants)
        if place.text not in declared
    ]


def unrecorded_actions(files: Sequence[SourceFile], declared: Iterable[str]) -> list[CheckMessage]:
    constants = Constants(files)
    recorded = {place.text for file in files for place in recorded_actions(file, constants)}
    return [
        Error(
            f"Nothing records the action “{name}”.",
            hint="Record it with `recording`, or remove its RecordedAction from the module.py of the app.",
            id="modules.E006",
        )
        for name in declared
        if name not in recorded
    ]


def undeclared_subjects(files: Sequence[SourceFile], declared: Collection[str]) -> list[CheckMessage]:
    constants = Constants(files)
    return [
        Error(
            f"{place}: the record of changes cannot say what a “{place.text}” is.",
            hint="Declare a SubjectKind in the module.py of the app, with a function that names its records.",
            id="modules.E002",
        )
        for file in files
        for place in recorded_subjects(file, constants)
        if place.text and place.text not in declared
    ]


def undeclared_permissions(files: Sequence[SourceFile], permissions: Iterable[Permission]) -> list[CheckMessage]:
    constants = Constants(files)
    declared = {permission.code for permission in permissions}
    return [
        Error(
            f"{place}: no module declares the permission “{place.text}”, so no role has it.",
            hint="Add it to `permissions` of the MODULE in the module.py of the app.",
            id="modules.E005",
        )
        for file in files
        for place in permission_codes(file, constants)
        if place.text not in declared
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


def sections_without_a_page(sections: Iterable[StaffSection]) -> list[CheckMessage]:
    return [
        Error(
            f"The section “{section.title}” leads nowhere: no page “{section.url_name}” takes an authority’s slug.",
            hint="Correct the url_name of the StaffSection, or add the address to the urls.py of the app.",
            id="modules.E007",
        )
        for section in sections
        if not _resolves(section.url_name)
    ]


def _resolves(url_name: str) -> bool:
    try:
        reverse(url_name, args=["any-authority"])
    except NoReverseMatch:
        return False
    return True

"""The tables that each module has in files of its own, found by the names of the files: nobody keeps a list of them.

- `access/NAME.py`: `RULES` (who may open each address), `FREE_TEXT` (which text fields are kept when a session has
  ended), and `PREPARES`, `KEEPS` and `PUBLISHES` (permissions that end when the authority closes, because they are to
  prepare what is published, to keep records that nobody publishes, or to publish)
- `support/NAME_actions.py`: `ACTIONS` (who may take each action), `RECORDED_AS`, `BY_INVITATION`, and `PERSON_ROWS`
  (a row about a person, for each model that is about people)

A file leaves out the tables that its module does not need.
"""

import pkgutil
from collections.abc import Collection, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from evenhand.modules import registry

TESTS = Path(__file__).parents[1]
NOT_TABLES = {"rules", "all_rules"}


def access_files() -> list[ModuleType]:
    return [import_module(f"access.{name}") for name in _names("access") if name not in NOT_TABLES]


def action_files() -> list[ModuleType]:
    return [import_module(f"support.{name}") for name in _names("support") if name.endswith("_actions")]


def collect(table: str, files: Iterable[ModuleType]) -> dict[str, Any]:
    """The entries of this table in all the files."""
    entries: dict[str, Any] = {}
    for file in files:
        own = getattr(file, table, {})
        twice = sorted(entries.keys() & own.keys())
        assert not twice, f"{table} in {path_of(file)} repeats entries of another file: {', '.join(twice)}"
        entries |= own
    return entries


def collect_set(table: str, files: Iterable[ModuleType]) -> set[Any]:
    return {entry for file in files for entry in getattr(file, table, ())}


def assert_complete(
    table: str, files: Collection[ModuleType], listed: Collection[str], required: Mapping[str, str]
) -> None:
    """Fail if an entry is missing or no longer needed, and say in which file. `required` is entry -> default file."""
    missing = [
        f"{entry} is missing: add it to {table} in {_file_with_similar(entry, table, files) or default}"
        for entry, default in sorted(required.items())
        if entry not in listed
    ]
    unknown = [
        f"{entry} does not exist: remove it from {table} in {_file_with(entry, table, files)}"
        for entry in sorted(set(listed) - required.keys())
    ]
    assert not missing + unknown, "\n".join(["", *missing, *unknown])


def access_file(module: str) -> str:
    """The file with the access tables of a module."""
    name = module if module in registry.module_order() else "NAME"
    return f"web/tests/access/{name}.py"


def actions_file(module: str) -> str:
    return f"web/tests/support/{module}_actions.py"


def path_of(file: ModuleType) -> str:
    return f"web/tests/{Path(str(file.__file__)).relative_to(TESTS)}"


def _names(package: str) -> list[str]:
    return [module.name for module in pkgutil.iter_modules([str(TESTS / package)])]


def _file_with_similar(entry: str, table: str, files: Iterable[ModuleType]) -> str:
    """The file with entries of the same module: web/tests/support/people_actions.py has those of `authorities`."""
    prefix = entry.replace(":", ".").partition(".")[0]
    matching = (
        path_of(file)
        for file in files
        for other in getattr(file, table, {})
        if other.startswith((f"{prefix}.", f"{prefix}:"))
    )
    return next(matching, "")


def _file_with(entry: str, table: str, files: Iterable[ModuleType]) -> str:
    return next((path_of(file) for file in files if entry in getattr(file, table, {})), "the test itself")

"""What each register gives to the contract tests (`integration/test_registers.py`)."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority
from evenhand.registers.register import Register


@dataclass(frozen=True)
class RegisterExample:
    """`steps` says for each state which transitions lead out of it; `roles` who may take each, decided by hand."""

    register: Register
    values: Callable[[Authority], dict[str, Any]]  # of a record
    text: str  # a field of text in which anything may be written
    other: tuple[str, Any]  # another field, and a value for it that is not in `values`
    editors: frozenset[Role]
    readers: frozenset[Role]
    steps: dict[str, frozenset[str]]
    roles: dict[str, frozenset[Role]]
    personal: dict[str, Any]  # values of PERSONAL fields, which no history may keep


def all_examples() -> dict[str, RegisterExample]:
    examples: dict[str, RegisterExample] = {}
    for module in iter_modules([str(Path(__file__).parent)]):
        if module.name != "examples":
            example = import_module(f"registers.{module.name}").EXAMPLE
            examples[example.register.key] = example
    return examples

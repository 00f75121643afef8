"""Every name that is read from the environment is declared, and every declared name is read."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from evenhand.config.settings.declared import SETTINGS, DeclaredTwice, Setting, declare

SOURCE = Path(__file__).resolve().parents[2] / "src" / "evenhand"
READERS = {"secret", "networks", "getenv"}


def names_read(tree: ast.AST) -> Iterator[str]:
    """The first argument of env.str("…"), secret("…"), os.environ.get("…"); the key of os.environ["…"]."""
    for node in ast.walk(tree):
        argument = None
        if isinstance(node, ast.Call) and node.args and _reads(node.func):
            argument = node.args[0]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            argument = node.slice
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value


def _reads(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return ast.unparse(function.value) in ("env", "os.environ") or function.attr in READERS
    return isinstance(function, ast.Name) and function.id in READERS


def test_every_way_of_reading_the_environment_is_found() -> None:
    code = 'env.str("A"); secret("B"); os.environ["C"]; os.environ.get("D"); environment.secret("E"); f("F"); env[x]'
    assert sorted(names_read(ast.parse(code))) == ["A", "B", "C", "D", "E"]


def test_every_name_that_is_read_is_declared() -> None:
    read = {
        name.removesuffix("_FILE")
        for path in SOURCE.rglob("*.py")
        for name in names_read(ast.parse(path.read_text(encoding="utf-8")))
        if name.startswith("EVENHAND_") or name == "DATABASE_URL"
    }
    declared = [setting.name for setting in SETTINGS]
    assert sorted(read - set(declared)) == [], "declare it in config/settings/declared.py"
    assert sorted(set(declared) - read) == [], "nothing reads these settings"
    assert sorted(declared) == sorted(read)  # as lists: a second declaration would be one too many


def test_a_setting_cannot_be_declared_twice() -> None:
    first, second = Setting("EVENHAND_MAIL", "how messages are sent"), Setting("EVENHAND_MAIL", "where they go")
    with pytest.raises(DeclaredTwice, match="Declared more than once: EVENHAND_MAIL"):
        declare(first, second)
    assert declare(first) == (first,)


def test_only_the_declaration_describes_a_setting() -> None:
    """A second description, in a docstring or comment, contradicts the first one sooner or later."""
    for path in (SOURCE / "config" / "settings").glob("*.py"):
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        assert re.findall(r"^EVENHAND_\w+ {2,}", docstring, re.MULTILINE) == [], path.name


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_states_its_purpose(setting) -> None:
    assert len(setting.purpose) > 10
    assert not setting.purpose.endswith(".")
    # a key or password that cannot be given in a file would have to be in the environment
    assert setting.secret or not any(word in setting.name for word in ("KEY", "PASS", "TOKEN", "CLIENT_SECRET"))

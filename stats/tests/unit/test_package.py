"""The package as a whole: its imports, the purity of its functions, and its documentation examples."""

import ast
import doctest
import importlib
import pkgutil
import sys
from pathlib import Path

import pytest

import evenstat

MODULES = sorted(module.name for module in pkgutil.walk_packages(evenstat.__path__, "evenstat."))
IMPURE = {"datetime", "io", "os", "pathlib", "random", "secrets", "socket", "subprocess", "time", "urllib"}
COMMAND_LINE = ("evenstat.cli", "evenstat.commands")
NEEDED_TO_READ_FILES = {"datetime", "io", "os", "pathlib"}  # still no clock and no random numbers
MEASURES = (
    "evenstat.intervals.wilson",
    "evenstat.measures.representation",
    "evenstat.measures.comparability",
)
PUBLIC = (
    *MEASURES,
    "evenstat.disclosure.single_tables.protect",
    "evenstat.disclosure.single_tables.audit",
    "evenstat.disclosure.protect",
    "evenstat.disclosure.lower_bound",
    "evenstat.disclosure.audit",
    "evenstat.disclosure.round_tables",
    "evenstat.disclosure.protect_sums",
    "evenstat.disclosure.auditing.disclosing_figures",
    "evenstat.disclosure.protect_next",
    "evenstat.disclosure.can_also_publish",
    "evenstat.disclosure.mover_disclosures",
    "evenstat.disclosure.proposals",
    "evenstat.disclosure.compare",
)


def imports(module_name):
    source = Path(importlib.import_module(module_name).__file__).read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield node.module.split(".")[0]


@pytest.mark.parametrize("module_name", MODULES)
def test_only_disclosure_control_imports_third_party_packages(module_name):
    needed = {"numpy", "highspy"} if module_name.startswith("evenstat.disclosure.") else set()
    needed |= {"numpy"} if module_name.startswith("evenstat.commands.") else set()
    needed |= {"openpyxl"} if module_name == "evenstat.disclosure.files.xlsx_file" else set()
    assert set(imports(module_name)) <= sys.stdlib_module_names | {"evenstat"} | needed


@pytest.mark.parametrize("module_name", [name for name in MODULES if not name.startswith(COMMAND_LINE)])
def test_only_the_command_line_uses_the_clock_random_numbers_or_files(module_name):
    allowed = NEEDED_TO_READ_FILES if module_name.startswith("evenstat.disclosure.files") else set()
    assert not set(imports(module_name)) & (IMPURE - allowed)


@pytest.mark.parametrize("module_name", MODULES)
def test_docstring_examples(module_name):
    assert doctest.testmod(importlib.import_module(module_name)).failed == 0


@pytest.mark.parametrize("name", PUBLIC)
def test_public_statistics_follow_the_docstring_template(name):
    package, function = name.rsplit(".", 1)
    text = getattr(importlib.import_module(package), function).__doc__
    for heading in ("Population:", "Method:", "Args:", "Returns:", "Raises:", "Limits:", "Source:", ">>>"):
        assert heading in text


def test_readme_examples():
    readme = Path(__file__).parents[2] / "README.md"
    result = doctest.testfile(str(readme), module_relative=False)
    assert result.failed == 0
    assert result.attempted > 5

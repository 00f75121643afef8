"""What the source code of the modules says: which actions it records, which names it uses, which modules it names.

Read with `ast`, never imported, so that a test can hand over any text.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SourceFile:
    module: str  # the label of the app, such as "plans"
    path: Path
    tree: ast.Module


@dataclass(frozen=True)
class Place:
    """A text and where it is in the source."""

    text: str
    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


def source_files(package: Path) -> list[SourceFile]:
    """Every Python file below the package, without migrations, which are kept as they were written."""
    return [
        SourceFile(path.relative_to(package).parts[0], path.relative_to(package.parent), _parsed(path))
        for path in sorted(package.rglob("*.py"))
        if "migrations" not in path.parts and len(path.relative_to(package).parts) > 1
    ]


def recorded_actions(source: SourceFile) -> Iterator[Place]:
    """The first argument of each call of `recording`; the text is empty where it is not a constant."""
    return _first_arguments(source, {"recording"})


def recorded_subjects(source: SourceFile) -> Iterator[Place]:
    """The first argument of each call that makes the subject of an entry."""
    return _first_arguments(source, {"Subject", "subject_of"})


def names_used(source: SourceFile) -> set[str]:
    """Every name that the file reads, as itself or as an attribute."""
    return {
        node.id for node in ast.walk(source.tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    } | {node.attr for node in ast.walk(source.tree) if isinstance(node, ast.Attribute)}


def strings_naming(source: SourceFile, modules: set[str]) -> Iterator[Place]:
    """Strings that begin with the name of one of the modules: an action, an address, a model, a dotted path."""
    if not modules:
        return
    pattern = re.compile(rf"(?:evenhand\.)?(?:{'|'.join(sorted(modules))})[.:/]\w")
    documentation = _docstrings(source.tree)
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in documentation:
            continue
        if pattern.match(node.value):
            yield Place(node.value, source.path, node.lineno)


def _first_arguments(source: SourceFile, functions: set[str]) -> Iterator[Place]:
    constants = _string_constants(source.tree)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _called_name(node) in functions and node.args:
            argument = node.args[0]
            text = constants.get(argument.id, "") if isinstance(argument, ast.Name) else _string(argument)
            yield Place(text, source.path, node.lineno)


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def _called_name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Name):
        return call.func.id
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _string(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _string_constants(tree: ast.Module) -> dict[str, str]:
    return {
        target.id: _string(statement.value)
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }


def _docstrings(tree: ast.Module) -> set[int]:
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, owners) and node.body and isinstance(node.body[0], ast.Expr)
    }

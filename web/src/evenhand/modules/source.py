"""What the source code of the modules says: which actions it records, which names it uses, which modules it names.

Read with `ast`, never imported, so that a test can hand over any text.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SourceFile:
    module: str  # the label of the app, such as "plans"
    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        """The dotted name of the module, such as evenhand.plans.queries."""
        return ".".join(self.path.with_suffix("").parts).removesuffix(".__init__")

    @property
    def is_app(self) -> bool:
        """Whether this is the __init__.py of the app itself."""
        return self.path.parts[1:] == (self.module, "__init__.py")

    @property
    def package(self) -> str:
        return self.name if self.path.name == "__init__.py" else self.name.rpartition(".")[0]


@dataclass(frozen=True)
class Place:
    """A text and where it is in the source."""

    text: str
    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Constants:
    """The constants of all files that are strings, to read the value of one that another file imports."""

    def __init__(self, files: Iterable[SourceFile]) -> None:
        self._values: dict[str, str] = {}
        self._imports: dict[str, str] = {}
        for file in files:
            self._values.update(_string_constants(file.tree.body, file.name))
            self._imports.update((f"{file.name}.{name}", origin) for name, origin in _imported_names(file))

    def text(self, source: SourceFile, expression: ast.expr) -> str:
        """The string that the expression is; the name of a constant that cannot be read; empty for anything else."""
        written = _dotted(expression)
        if not written:
            return _string(expression)
        value = self._values.get(self._origin(f"{source.name}.{written}"), "")
        return value or (written if written.rpartition(".")[2].isupper() else "")

    def called_name(self, source: SourceFile, call: ast.Call) -> str:
        """The name of the called function where it is defined, even if it is imported under another name."""
        written = _dotted(call.func) or getattr(call.func, "attr", "")
        return self._origin(f"{source.name}.{written}").rpartition(".")[2]

    def _origin(self, name: str) -> str:
        """Follow imports: of the whole name, or of a part before a dot. Each import is followed once."""
        followed: set[str] = set()
        while (imported := self._longest_imported(name)) and imported not in followed:
            followed.add(imported)
            name = f"{self._imports[imported]}{name.removeprefix(imported)}"
        return name

    def _longest_imported(self, name: str) -> str:
        while name and name not in self._imports:
            name = name.rpartition(".")[0]
        return name


def source_files(package: Path) -> list[SourceFile]:
    """Every Python file below the package, without migrations, which are kept as they were written."""
    return [
        SourceFile(path.relative_to(package).parts[0], path.relative_to(package.parent), _parsed(path))
        for path in sorted(package.rglob("*.py"))
        if "migrations" not in path.parts and len(path.relative_to(package).parts) > 1
    ]


def recorded_actions(source: SourceFile, constants: Constants) -> Iterator[Place]:
    """The first argument of each call of `recording`; the text is empty where it is not a constant."""
    return _first_arguments(source, constants, {"recording": "action"})


def recorded_subjects(source: SourceFile, constants: Constants) -> Iterator[Place]:
    """The first argument of each call that makes the subject of an entry; empty where it is not a constant."""
    return _first_arguments(source, constants, {"Subject": "kind", "subject_of": "kind"})


def permission_codes(source: SourceFile, constants: Constants) -> Iterator[Place]:
    """The code of each permission that the file defines."""
    return _first_arguments(source, constants, {"Permission": "code"})


def names_used(source: SourceFile) -> set[str]:
    """Every name that the file reads, as itself or as an attribute."""
    return {
        node.id for node in ast.walk(source.tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    } | {node.attr for node in ast.walk(source.tree) if isinstance(node, ast.Attribute)}


def strings_naming(source: SourceFile, modules: set[str]) -> Iterator[Place]:
    """Strings that begin with the name of one of the modules: an action, an address, a model, a dotted path."""
    if not modules:
        return
    names = "|".join(sorted(modules))
    pattern = re.compile(rf"evenhand\.(?:{names})(?![\w-])|(?:{names})[.:/]\w")
    documentation = _docstrings(source.tree)
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in documentation:
            continue
        if pattern.match(node.value):
            yield Place(node.value, source.path, node.lineno)


def _first_arguments(source: SourceFile, constants: Constants, functions: Mapping[str, str]) -> Iterator[Place]:
    """The first argument of each call of the functions, whose names stand before the name of the parameter."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and (parameter := functions.get(constants.called_name(source, node))):
            by_keyword = [keyword.value for keyword in node.keywords if keyword.arg == parameter]
            for argument in [*node.args, *by_keyword][:1]:
                yield Place(constants.text(source, argument), source.path, node.lineno)


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def _string(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _string_constants(body: Iterable[ast.stmt], prefix: str) -> Iterator[tuple[str, str]]:
    """The constants of a file and of the classes in it, with their full names."""
    for statement in body:
        if isinstance(statement, ast.ClassDef):
            yield from _string_constants(statement.body, f"{prefix}.{statement.name}")
        elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                if isinstance(target, ast.Name) and (text := _string(statement.value)):
                    yield f"{prefix}.{target.id}", text


def _imported_names(source: SourceFile) -> Iterator[tuple[str, str]]:
    """What each imported name stands for, such as KIND for evenhand.plans.queries.KIND."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]  # `import a.b` makes only `a` a name of the file
                yield (alias.asname, alias.name) if alias.asname else (first, first)
        elif isinstance(node, ast.ImportFrom):
            origin = _imported_from(source, node)
            yield from ((alias.asname or alias.name, f"{origin}.{alias.name}") for alias in node.names)


def _imported_from(source: SourceFile, node: ast.ImportFrom) -> str:
    """The full name of the package or module after `from`, which may be relative to the file."""
    if not node.level:
        return node.module or ""
    parents = source.package.split(".")
    return ".".join([*parents[: len(parents) + 1 - node.level], *filter(None, [node.module])])


def _dotted(expression: ast.expr) -> str:
    """A name with its attributes, such as queries.KIND; empty for anything else."""
    if isinstance(expression, ast.Name):
        return expression.id
    if isinstance(expression, ast.Attribute):
        base = _dotted(expression.value)
        return f"{base}.{expression.attr}" if base else ""
    return ""


def _docstrings(tree: ast.Module) -> set[int]:
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, owners) and node.body and isinstance(node.body[0], ast.Expr)
    }

"""The kept files of an export, and a list of them with the names under which they came."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Model

from evenhand.operations.backup_files import KeptFile, kept_files
from evenhand.operations.export_scope import Scope
from evenhand.records.files import Root

NAMES = ("root", "sha256", "bytes", "names", "used_by", "included", "why")
SHARED = "It holds figures of other authorities too."


@dataclass
class _Use:
    by: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    elsewhere: bool = False


def listed(scope: Scope, using: str) -> Iterator[tuple[KeptFile, dict[str, Any]]]:
    """Each kept file of the export with what is known of it; one that must stay is said, and why."""
    uses = _uses(scope, using)
    for root in Root:
        for file in kept_files(root):
            if scope.authority is None or uses[file.digest].by:
                yield file, _said(file, uses[file.digest])


def _said(file: KeptFile, use: _Use) -> dict[str, Any]:
    why = SHARED if use.elsewhere and file.root is Root.PRIVATE else ""
    why = why or ("" if file.is_whole() else "It no longer holds what its name says.")
    return {
        "root": file.root.value,
        "sha256": file.digest,
        "bytes": file.path.stat().st_size,
        "names": "; ".join(sorted(use.names)),
        "used_by": "; ".join(sorted(use.by)),
        "included": not why,
        "why": why,
    }


def _uses(scope: Scope, using: str) -> dict[str, _Use]:
    """By the house's own sign: a column that names a kept file ends in `sha256`."""
    found: dict[str, _Use] = defaultdict(_Use)
    for label, model, condition in scope.tables():
        for column in _digests(model):
            everyone = model._base_manager.using(using).exclude(**{column: ""})
            named = "file_name" in {each.name for each in model._meta.concrete_fields}
            for digest, name in (
                everyone.filter(condition).values_list(column, "file_name" if named else column).distinct()
            ):
                found[digest].by.add(f"{label}.{column}")
                found[digest].names |= {name} if named else set()
            if scope.authority is not None:
                for digest in everyone.exclude(condition).values_list(column, flat=True).distinct():
                    found[digest].elsewhere = True
    return found


def missing_files() -> Iterator[str]:
    """What a row names and no root holds."""
    there = {file.digest for root in Root for file in kept_files(root)}
    for label, model, _condition in Scope().tables():
        for column in _digests(model):
            named = model._base_manager.exclude(**{column: ""}).values_list(column, flat=True).distinct()
            yield from (f"{label}.{column} {digest}" for digest in named.iterator() if digest not in there)


def _digests(model: type[Model]) -> list[str]:
    fields = [each for each in model._meta.concrete_fields if isinstance(each, CharField)]
    return [each.name for each in fields if each.name.endswith("sha256") and not each.name.startswith("token")]

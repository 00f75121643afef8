"""The stored files of an export, and a list of them with their original names."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Model

from evenhand.authorities.invented import MARK
from evenhand.operations.backup.files import StoredFile, stored_files
from evenhand.operations.export.marks import Marks
from evenhand.operations.export.scope import ExportScope
from evenhand.records.files import Root

COLUMNS = ("root", "sha256", "bytes", "names", "used_by", "included", "why", "mark")
SHARED = "It also contains figures of other authorities."


@dataclass
class _FileUse:
    columns: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    by_other_authorities: bool = False
    is_invented: bool = False


def list_files(marks: Marks) -> Iterator[tuple[StoredFile, dict[str, Any]]]:
    """Each stored file in scope with its line in files.csv, which gives the reason if the file is not exported."""
    scope, uses = marks.scope, _uses(marks)
    for root in Root:
        for file in stored_files(root):
            if scope.authority is None or uses[file.digest].columns:
                yield file, _list_line(file, uses[file.digest])


def _list_line(file: StoredFile, use: _FileUse) -> dict[str, Any]:
    reason = SHARED if use.by_other_authorities and file.root is Root.PRIVATE else ""
    reason = reason or ("" if file.is_intact() else "Its content no longer matches its digest.")
    return {
        "root": file.root.value,
        "sha256": file.digest,
        "bytes": file.path.stat().st_size,
        "names": "; ".join(sorted(use.names)),
        "used_by": "; ".join(sorted(use.columns)),
        "included": not reason,
        "why": reason,
        "mark": MARK if use.is_invented else "",
    }


def _uses(marks: Marks) -> dict[str, _FileUse]:
    """The rows that use each file. By convention, the name of a column that refers to a file ends in `sha256`."""
    uses: dict[str, _FileUse] = defaultdict(_FileUse)
    scope = marks.scope
    for label, model, condition in scope.tables():
        for column in _digest_columns(model):
            queryset = model._base_manager.using(marks.using).exclude(**{column: ""})
            has_name = "file_name" in {field.name for field in model._meta.concrete_fields}
            for digest, name in (
                queryset.filter(condition).values_list(column, "file_name" if has_name else column).distinct()
            ):
                uses[digest].columns.add(f"{label}.{column}")
                uses[digest].names |= {name} if has_name else set()
            for digest in marks.invented(label, model, queryset).values_list(column, flat=True).distinct():
                uses[digest].is_invented = True
            if scope.authority is not None:
                for digest in queryset.exclude(condition).values_list(column, flat=True).distinct():
                    uses[digest].by_other_authorities = True
    return uses


def missing_files() -> Iterator[str]:
    """Files that a row refers to and that are not stored."""
    existing = {file.digest for root in Root for file in stored_files(root)}
    for label, model, _condition in ExportScope().tables():
        for column in _digest_columns(model):
            digests = model._base_manager.exclude(**{column: ""}).values_list(column, flat=True).distinct()
            yield from (f"{label}.{column} {digest}" for digest in digests.iterator() if digest not in existing)


def _digest_columns(model: type[Model]) -> list[str]:
    names = [field.name for field in model._meta.concrete_fields if isinstance(field, CharField)]
    return [name for name in names if name.endswith("sha256") and not name.startswith("token")]

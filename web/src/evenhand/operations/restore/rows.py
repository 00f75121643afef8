"""Puts the rows of a backup into the tables of an empty database."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DatabaseError, IntegrityError, connection
from django.db.models import ForeignKey, Model, QuerySet

from evenhand.operations.backup.archive import ArchiveReader
from evenhand.operations.backup.manifest import Manifest
from evenhand.operations.backup.reading import lines_of
from evenhand.operations.backup.rows import TableColumn, columns_of, from_line, reader_of
from evenhand.operations.backup.tables import tables
from evenhand.operations.restore.target import CannotRestore

BATCH_SIZE = 1_000
Progress = Callable[[str], None]


def load(archive: ArchiveReader, manifest: Manifest, models: Any, progress: Progress) -> None:
    chosen = dict(tables(models))
    if connection.vendor == "postgresql":  # an earlier migration may have made them immediate
        connection.cursor().execute("SET CONSTRAINTS ALL DEFERRED")
    if differing := sorted(set(manifest.tables) ^ set(chosen)):
        raise CannotRestore(
            f"The tables in the backup are not those of its version of Evenhand: {', '.join(differing[:5])}."
        )
    for label in _children_first(chosen):
        _load(archive, manifest, label, chosen[label])
        progress(f"{label}: {manifest.tables[label].rows} rows")
    _check(manifest, chosen)


def _load(archive: ArchiveReader, manifest: Manifest, label: str, model: type[Model]) -> None:
    columns = _in_order(manifest.tables[label].columns, model, label)
    readers = [reader_of(column) for column in columns]
    lines, first = lines_of(archive, manifest, label), 1
    while batch := list(islice(lines, BATCH_SIZE)):
        try:
            _insert(model, columns, [from_line(line, readers) for line in batch])
        except (DatabaseError, ValidationError, ValueError, OverflowError, RecursionError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            rows = f"{label}, rows {first} to {first + len(batch) - 1}"
            raise CannotRestore(f"The database did not accept the data in the backup ({rows}): {reason}") from error
        first += len(batch)


def _in_order(names: Sequence[str], model: type[Model], label: str) -> tuple[TableColumn, ...]:
    known = {column.name: column for column in columns_of(model)}
    if set(names) != set(known) or len(names) != len(known):
        raise CannotRestore(f"The columns of {label} in the backup are not those of its version of Evenhand.")
    return tuple(known[name] for name in names)


def _insert(model: type[Model], columns: Sequence[TableColumn], rows: Iterable[Sequence[Any]]) -> None:
    """Inserts the rows unchanged: no defaults, no auto_now, no signals. Django uses `raw` to load fixtures."""
    names, fields = [column.name for column in columns], [column.field for column in columns]
    instances = [model(**dict(zip(names, row, strict=True))) for row in rows]
    limit = max(1, connection.ops.bulk_batch_size(fields, instances))
    for start in range(0, len(instances), limit):
        QuerySet(model)._insert(instances[start : start + limit], fields=fields, using="default", raw=True)  # type: ignore[attr-defined]


def _children_first(models: dict[str, type[Model]]) -> Iterator[str]:
    """Tables that refer to another come before it: for example, release tables before the release they belong to.

    Triggers refuse new tables for a release that exists. Foreign keys are checked at the end.
    """
    referred_to = {label: {target._meta.label_lower for target in _targets(model)} for label, model in models.items()}
    left = set(models)
    while left:
        free = [label for label in sorted(left) if not any(label in referred_to[other] for other in left - {label})]
        for label in free or sorted(left):
            left.discard(label)
            yield label


def _targets(model: type[Model]) -> Iterator[type[Model]]:
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey):
            yield field.related_model


def _check(manifest: Manifest, models: dict[str, type[Model]]) -> None:
    for label, model in models.items():
        if (count := model._base_manager.count()) != manifest.tables[label].rows:
            raise CannotRestore(
                f"{count} rows of {label} were restored, but the backup contains {manifest.tables[label].rows}."
            )
    check_foreign_keys()


def check_foreign_keys() -> None:
    try:
        connection.check_constraints()
        if connection.vendor == "postgresql":  # PostgreSQL can't alter a table with deferred checks outstanding
            connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as error:
        raise CannotRestore(
            f"The backup contains a row that refers to a missing row: {str(error).splitlines()[0]}"
        ) from error


def reset_sequences() -> None:
    """So that the next row of a table with sequential ids gets an id that is free."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model for _label, model in tables()]):
            cursor.execute(statement)

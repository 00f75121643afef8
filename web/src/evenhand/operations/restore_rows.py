"""Puts the rows of a backup into the tables of an empty database."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DatabaseError, IntegrityError, connection
from django.db.models import ForeignKey, Model, QuerySet

from evenhand.operations.archive import Reader
from evenhand.operations.backup_manifest import Manifest
from evenhand.operations.backup_reading import lines_of
from evenhand.operations.backup_rows import Column, columns_of, from_line, reader_of
from evenhand.operations.backup_tables import tables
from evenhand.operations.restore_target import CannotRestore

AT_ONCE = 1_000
Told = Callable[[str], None]


def load(archive: Reader, manifest: Manifest, models: Any, told: Told) -> None:
    chosen = dict(tables(models))
    if connection.vendor == "postgresql":  # a migration before this may have had them looked at at once
        connection.cursor().execute("SET CONSTRAINTS ALL DEFERRED")
    if differing := sorted(set(manifest.tables) ^ set(chosen)):
        raise CannotRestore(f"The backup has other tables than its version of Evenhand: {', '.join(differing[:5])}.")
    for label in _children_first(chosen):
        _load(archive, manifest, label, chosen[label])
        told(f"{label}: {manifest.tables[label].rows} rows")
    _check(manifest, chosen)


def _load(archive: Reader, manifest: Manifest, label: str, model: type[Model]) -> None:
    columns = _in_order(manifest.tables[label].columns, model, label)
    readers = [reader_of(column) for column in columns]
    lines, first = lines_of(archive, manifest, label), 1
    while batch := list(islice(lines, AT_ONCE)):
        try:
            _insert(model, columns, [from_line(line, readers) for line in batch])
        except (DatabaseError, ValidationError, ValueError, OverflowError, RecursionError) as fault:
            said = str(fault).splitlines()[0] if str(fault) else type(fault).__name__
            rows = f"{label}, rows {first} to {first + len(batch) - 1}"
            raise CannotRestore(f"The database refused what the backup holds ({rows}): {said}") from fault
        first += len(batch)


def _in_order(names: Sequence[str], model: type[Model], label: str) -> tuple[Column, ...]:
    known = {column.name: column for column in columns_of(model)}
    if set(names) != set(known) or len(names) != len(known):
        raise CannotRestore(f"The backup has other columns of {label} than its version of Evenhand.")
    return tuple(known[name] for name in names)


def _insert(model: type[Model], columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> None:
    """As the rows are: no default, no "now", no signal. `raw` is what Django's own loading of fixtures uses."""
    names, fields = [column.name for column in columns], [column.field for column in columns]
    things = [model(**dict(zip(names, row, strict=True))) for row in rows]
    most = max(1, connection.ops.bulk_batch_size(fields, things))
    for start in range(0, len(things), most):
        QuerySet(model)._insert(things[start : start + most], fields=fields, using="default", raw=True)  # type: ignore[attr-defined]


def _children_first(models: dict[str, type[Model]]) -> Iterator[str]:
    """What points at something comes before it: the tables of a publication go in while it is not yet out.

    The database takes no more of them afterwards, and looks at the foreign keys at the end.
    """
    pointed_at = {label: {target._meta.label_lower for target in _targets(model)} for label, model in models.items()}
    left = set(models)
    while left:
        free = [each for each in sorted(left) if not any(each in pointed_at[other] for other in left - {each})]
        for label in free or sorted(left):
            left.discard(label)
            yield label


def _targets(model: type[Model]) -> Iterator[type[Model]]:
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey):
            yield field.related_model


def _check(manifest: Manifest, models: dict[str, type[Model]]) -> None:
    for label, model in models.items():
        if (found := model._base_manager.count()) != manifest.tables[label].rows:
            raise CannotRestore(f"{found} rows of {label} arrived, and the backup holds {manifest.tables[label].rows}.")
    check_foreign_keys()


def check_foreign_keys() -> None:
    try:
        connection.check_constraints()
        if connection.vendor == "postgresql":  # looked at at once from now on, so that tables can be altered
            connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as fault:
        raise CannotRestore(f"The backup holds a row that points at nothing: {str(fault).splitlines()[0]}") from fault


def reset_sequences() -> None:
    """So that the next row of a table that counts its ids gets one that is free."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model for _label, model in tables()]):
            cursor.execute(statement)

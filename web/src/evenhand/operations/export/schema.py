"""Describes each table and column of an export from the models, as CSV on the Web metadata."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import ForeignKey, Model

from evenhand.operations.backup.rows import TableColumn
from evenhand.operations.export.scope import LEFT_OUT, ExportScope, exported_columns, secret_columns
from evenhand.operations.export.tables import is_nested
from evenhand.records.classification import classification_of, retention_of

MARK = {
    "name": "mark",
    "datatype": "string",
    "required": True,
    "dc:description": "“(invented)” if the row belongs to an invented authority, and so is made up; otherwise empty",
    "evenhand:class": "public",
}
UUID_FORMAT = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
TYPES: tuple[tuple[type["models.Field[Any, Any]"], Any], ...] = (
    (models.UUIDField, {"base": "string", "format": UUID_FORMAT}),
    (models.BooleanField, "boolean"),
    (models.IntegerField, "integer"),
    (models.DecimalField, "decimal"),
    (models.FloatField, "double"),
    (models.DateTimeField, "dateTime"),
    (models.DateField, "date"),
    (models.TimeField, "time"),
    (models.DurationField, "string"),
    (models.JSONField, "json"),
    (models.BinaryField, "base64Binary"),
    (models.GenericIPAddressField, "string"),
    (models.CharField, "string"),
    (models.TextField, "string"),
)


def schema(scope: ExportScope) -> dict[str, Any]:
    chosen = {label: model for label, model, _condition in scope.tables()}
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True, "doubleQuote": True},
        "tables": [_table(label, model, chosen) for label, model in chosen.items()],
        "evenhand:leftOut": dict(sorted(LEFT_OUT.items())),
    }


def meaning_of(model: type[Model]) -> str:
    """The model's docstring; for a library's model without one, its name."""
    text = " ".join((model.__doc__ or "").split())
    return str(model._meta.verbose_name_plural) if not text or text.startswith(f"{model.__name__}(") else text


def meaning_of_column(column: TableColumn) -> str:
    field: Any = column.field
    text = str(field.help_text or field.verbose_name).strip()
    if field.is_relation:
        text = f"{text} (an id of {target_of(column)})"
    choices = "; ".join(f"{value}: {label}" for value, label in field.flatchoices)
    return f"{text}. One of: {choices}" if choices else text


def type_of(column: TableColumn) -> Any:
    field: Any = column.field
    while field.is_relation:
        field = field.target_field
    return next(name for kind, name in TYPES if isinstance(field, kind))


def target_of(column: TableColumn) -> str | None:
    field = column.field
    return field.related_model._meta.label_lower if isinstance(field, ForeignKey) else None


def class_of(model: type[Model], column: TableColumn) -> str:
    """A table that only joins two others has no classification of its own."""
    classification = classification_of(model).get(column.field.name)
    return classification.value if classification else "public"


def _table(label: str, model: type[Model], chosen: Mapping[str, type[Model]]) -> dict[str, Any]:
    columns, retention = exported_columns(model), retention_of(model)
    assert model._meta.pk is not None
    table: dict[str, Any] = {
        "url": f"tables/{label}.csv",
        "dc:title": label,
        "dc:description": meaning_of(model),
        "evenhand:kept": _retention_text(retention) if retention else "",
        "evenhand:leftOut": list(secret_columns(model)),
        "tableSchema": {
            "columns": [*(_column(model, column) for column in columns), MARK],
            "foreignKeys": _foreign_keys(columns, chosen),
            "primaryKey": model._meta.pk.attname,
        },
    }
    return table | ({"evenhand:nested": f"tables/{label}.jsonl"} if is_nested(model) else {})


def _retention_text(retention: Any) -> str:
    return (
        retention.reason
        if retention.days is None
        else f"{retention.days} days after {retention.after}: {retention.reason}"
    )


def _column(model: type[Model], column: TableColumn) -> dict[str, Any]:
    return {
        "name": column.name,
        "datatype": type_of(column),
        "required": not column.field.null,
        "dc:description": meaning_of_column(column),
        "evenhand:class": class_of(model, column),
    }


def _foreign_keys(columns: tuple[TableColumn, ...], chosen: Mapping[str, type[Model]]) -> list[dict[str, Any]]:
    keys = []
    for column in columns:
        target = target_of(column)
        if target is not None and target in chosen:
            key = chosen[target]._meta.pk
            assert key is not None
            keys.append(
                {
                    "columnReference": column.name,
                    "reference": {"resource": f"tables/{target}.csv", "columnReference": key.attname},
                }
            )
    return keys

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
# What the rows of a library's table are, because its name does not say it.
TABLES_OF_LIBRARIES: Mapping[str, str] = {
    "account.emailaddress": "The email addresses with which people sign in.",
    "account.emailconfirmation": "The links that were sent to confirm an email address.",
    "axes.accessattempt": "Failed attempts to sign in.",
    "axes.accessattemptexpiration": "The time when a failed attempt to sign in no longer counts.",
    "axes.accessfailurelog": "The log of failed attempts to sign in.",
    "axes.accesslog": "The log of people who signed in.",
    "mfa.authenticator": "Authenticator apps, passkeys and recovery codes.",
    "socialaccount.socialaccount": "Accounts at the sign-in service that are linked to people here.",
    "socialaccount.socialapp": "Sign-in services that are configured in the database.",
    "socialaccount.socialtoken": "Tokens that a sign-in service has issued.",
}
INVENTED = "True if it belongs to an invented authority. Fixed when the {} is {}."
# Columns whose help text says less; the help text of a column is part of its migrations.
MEANINGS: Mapping[str, str] = {
    "evidence.dataset.invented": INVENTED.format("data set", "added"),
    "plans.plan.invented": INVENTED.format("plan", "imported"),
    "releases.release.invented": INVENTED.format("draft", "created"),
    "authorities.authority.invented": (
        "True if the authority is made up, so that people can try things out. Fixed when it is added."
    ),
    "authorities.authority.demonstration": (
        "True if it is shown as an example. Its pages say that the authority does not publish them."
    ),
    "authorities.user.invented": (
        "True if the person is made up, and works for invented authorities only. Fixed when the account is created."
    ),
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
    """The model's docstring; for a library's model, the entry in TABLES_OF_LIBRARIES or its name."""
    if text := TABLES_OF_LIBRARIES.get(model._meta.label_lower):
        return text
    text = " ".join((model.__doc__ or "").split())
    return str(model._meta.verbose_name_plural) if not text or text.startswith(f"{model.__name__}(") else text


def meaning_of_column(column: TableColumn) -> str:
    field: Any = column.field
    text = MEANINGS.get(f"{field.model._meta.label_lower}.{field.name}")
    text = text or str(field.help_text or field.verbose_name).strip()
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
        "evenhand:kept": retention.in_words(field=f"`{retention.after}`") if retention else "",
        "evenhand:leftOut": list(secret_columns(model)),
        "tableSchema": {
            "columns": [*(_column(model, column) for column in columns), MARK],
            "foreignKeys": _foreign_keys(columns, chosen),
            "primaryKey": model._meta.pk.attname,
        },
    }
    return table | ({"evenhand:nested": f"tables/{label}.jsonl"} if is_nested(model) else {})


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

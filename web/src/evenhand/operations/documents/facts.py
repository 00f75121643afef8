"""The facts about personal data in the drafts. They come from the models, so a new field appears in the next draft."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model

from evenhand.authorities.permissions import roles_with
from evenhand.modules import registry
from evenhand.records.classification import (
    AGGREGATE_ONLY,
    PERSONAL,
    SECRET,
    SPECIAL_CATEGORY,
    Classification,
    classification_of,
    data_subject_of,
    retention_of,
)
from evenhand.records.data_subjects import DataSubject
from evenhand.records.purposes import models_with_personal_fields
from evenhand.records.purposes import purposes as declared_purposes
from evenhand.records.retention_checks import models_with_a_time_limit

STAFF = "people who work or worked for the authority, or were invited to"


@dataclass(frozen=True)
class DataHolding:
    """A model with personal fields."""

    name: str
    fields: str
    secrets: str
    kept: str
    erased: str


@dataclass(frozen=True)
class Purpose:
    name: str
    holdings: tuple[DataHolding, ...]


def purposes() -> tuple[Purpose, ...]:
    declared = declared_purposes()
    by_purpose: dict[str, list[DataHolding]] = {purpose: [] for purpose in declared.values()}
    for model in models_with_personal_fields():
        by_purpose[declared[model._meta.app_label]].append(_holding(model))
    return tuple(Purpose(name, tuple(holdings)) for name, holdings in by_purpose.items() if holdings)


def _models() -> list[type[Model]]:
    return sorted(apps.get_models(), key=lambda model: model._meta.label)


def _holding(model: type[Model]) -> DataHolding:
    return DataHolding(
        name=_name(model),
        fields=_fields(model, PERSONAL, SPECIAL_CATEGORY) or "none",
        secrets=_fields(model, SECRET) or "none",
        kept=retention_text(model),
        erased=_erased(model),
    )


def _name(model: type[Model]) -> str:
    return str(model._meta.verbose_name_plural)


def _fields(model: type[Model], *levels: Classification) -> str:
    names = (name for name, level in classification_of(model).items() if level in levels)
    return ", ".join(str(model._meta.get_field(name).verbose_name) for name in names)  # type: ignore[union-attr]


def retention_text(model: type[Model]) -> str:
    """How long rows are kept, in words for a document."""
    retention = retention_of(model)
    assert retention is not None, f"{model} does not say how long it is kept"
    return str(retention)


def _erased(model: type[Model]) -> str:
    subject = data_subject_of(model)
    if not isinstance(subject, DataSubject):
        return f"kept: {subject.reason}" if subject else "kept"
    if subject.erased:
        return "deleted"
    if model._meta.label == "authorities.User":
        return "name, e-mail address and password are deleted; a random id is kept"
    if model._meta.label == "ledger.Payload":
        return "details that name the person or are about them are deleted; the record of what they did is kept"
    if subject.blanked:
        return f"{', '.join(subject.blanked)}: emptied; the rest identifies the person only by a random id"
    return f"kept: {subject.reason}"


@dataclass(frozen=True)
class RetentionRow:
    name: str
    kept: str
    how: str


def schedule() -> tuple[RetentionRow, ...]:
    """How long everything is kept, and how it is deleted."""
    with_time_limit = {model for model, _kept in models_with_a_time_limit()}
    return tuple(
        RetentionRow(_name(model), retention_text(model), _how(model, model in with_time_limit)) for model in _models()
    )


def _how(model: type[Model], has_time_limit: bool) -> str:
    if model._meta.label == "authorities.User":
        return "erased by the nightly task"
    return "deleted by the nightly task" if has_time_limit else "not deleted automatically"


def counts() -> tuple[str, ...]:
    """Fields that hold counts about people, unprotected."""
    return tuple(_of_level(AGGREGATE_ONLY))


def special_categories() -> tuple[str, ...]:
    return tuple(_of_level(SPECIAL_CATEGORY))


def _of_level(level: Classification) -> Iterator[str]:
    for model in _models():
        if names := _fields(model, level):
            yield f"{_name(model)}: {names}"


@dataclass(frozen=True)
class PermissionRow:
    permission: str
    roles: str


def permissions() -> tuple[PermissionRow, ...]:
    return tuple(
        PermissionRow(
            str(permission.label),
            ", ".join(str(role.label) for role in roles_with(permission)) or "only the operator of the server",
        )
        for permission in registry.permissions()
    )

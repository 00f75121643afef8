"""How sensitive each stored field is. Every field of every model is classified, or `evenhand check` fails.

The classes, from least to most sensitive:

- PUBLIC: may be shown to anyone once the record that it belongs to is published.
- AGGREGATE_ONLY: counts about people. Leave the system only through a release, never as stored.
- PERSONAL: about a person who uses the system. Shown to those who need it, and erasable.
- SPECIAL_CATEGORY: race, religion, health, sexual orientation and similar data about a person.
- SECRET: a key, a password or a value derived from one. Never shown, not even in answer to a subject access request.

Our own models declare `classified = {"field": CLASS, ...}` next to their fields, so that a new field and its class are
added together. If a field is personal, `data_subject` declares whose data it is. Models of third-party libraries are
listed in `library_models`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db.models import Model

from evenhand.records.classes import AGGREGATE_ONLY, PERSONAL, PUBLIC, SECRET, SPECIAL_CATEGORY, Classification
from evenhand.records.data_subjects import DataSubject, NoDataSubject
from evenhand.records.library_models import CLASSIFIED, DATA_SUBJECTS, RETENTION
from evenhand.records.retention import Retention

__all__ = ["AGGREGATE_ONLY", "PERSONAL", "PUBLIC", "SECRET", "SPECIAL_CATEGORY", "Classification"]

OF_A_PERSON = frozenset({PERSONAL, SPECIAL_CATEGORY})


def classification_of(model: type[Model]) -> Mapping[str, Classification]:
    """The classes of a model's own fields; empty if the model declares none."""
    own: Mapping[str, Classification] | None = getattr(model, "classified", None)
    return own if own is not None else CLASSIFIED.get(model._meta.label_lower, {})


def check_every_field_is_classified(
    app_configs: Sequence[Any] | None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    problems: list[CheckMessage] = []
    for model in apps.get_models(include_auto_created=False):
        declared = classification_of(model)
        fields = {field.name for field in (*model._meta.local_fields, *model._meta.local_many_to_many)}
        problems += [_unclassified(model, name) for name in sorted(fields - set(declared))]
        problems += [_unknown(model, name) for name in sorted(set(declared) - fields)]
    return problems


def retention_of(model: type[Model]) -> Retention | None:
    """How long the model's rows are kept; None if the model does not declare it."""
    own: Retention | None = getattr(model, "retention", None)
    return own if own is not None else RETENTION.get(model._meta.label_lower)


def check_every_model_has_a_retention_period(app_configs: Sequence[Any] | None, **_kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"{model._meta.label} has no retention period.",
            hint="Add `retention = Retention(reason=...)` to the model, or an entry to `library_models`.",
            obj=model,
            id="records.E003",
        )
        for model in apps.get_models(include_auto_created=False)
        if retention_of(model) is None
    ]


def data_subject_of(model: type[Model]) -> DataSubject | NoDataSubject | None:
    """Whose data the model's rows hold; None if the model does not declare it."""
    own: str | DataSubject | NoDataSubject | None = getattr(model, "data_subject", None)
    return DataSubject(own) if isinstance(own, str) else own or DATA_SUBJECTS.get(model._meta.label_lower)


def check_every_model_names_its_data_subject(app_configs: Sequence[Any] | None, **_kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"{model._meta.label} has personal fields but does not declare whose data they are.",
            hint=(
                'Add `data_subject = "user"` (the field path to the person) to the model, '
                'or `data_subject = NoDataSubject("the reason")`.'
            ),
            obj=model,
            id="records.E004",
        )
        for model in apps.get_models(include_auto_created=False)
        if OF_A_PERSON & set(classification_of(model).values()) and data_subject_of(model) is None
    ]


def _unclassified(model: type[Model], field: str) -> Error:
    return Error(
        f"{model._meta.label}.{field} is not classified.",
        hint=f"Add {field!r} to `classified` on the model, with one of: {', '.join(Classification)}.",
        obj=model,
        id="records.E001",
    )


def _unknown(model: type[Model], field: str) -> Error:
    return Error(
        f"{model._meta.label} classifies {field!r}, which is not one of its fields.",
        hint="Remove the entry, or correct its spelling.",
        obj=model,
        id="records.E002",
    )

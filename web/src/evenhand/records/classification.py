"""How sensitive each stored field is. Every field of every model says so, or `evenhand check` fails.

The four classes, from least to most careful:

- PUBLIC: may be shown to anyone once the thing that it belongs to is published.
- AGGREGATE_ONLY: counts about people. Leaves the system through a release alone, never as it stands.
- PERSONAL: about a person who works with the system. Shown to those who need it, erasable.
- SPECIAL_CATEGORY: race, religion, health, sexual orientation and the like about a person.

A model of ours carries `classified = {"field": CLASS, ...}` beside its fields, so that a new field and its
class are written in one place. Models of the libraries that we use are listed in LIBRARY_MODELS.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db.models import Model


class Classification(StrEnum):
    PUBLIC = "public"
    AGGREGATE_ONLY = "aggregate-only"
    PERSONAL = "personal"
    SPECIAL_CATEGORY = "special-category"


PUBLIC = Classification.PUBLIC
AGGREGATE_ONLY = Classification.AGGREGATE_ONLY
PERSONAL = Classification.PERSONAL
SPECIAL_CATEGORY = Classification.SPECIAL_CATEGORY

LIBRARY_MODELS: Mapping[str, Mapping[str, Classification]] = {
    "auth.permission": {"id": PUBLIC, "name": PUBLIC, "content_type": PUBLIC, "codename": PUBLIC},
    "auth.group": {"id": PUBLIC, "name": PUBLIC, "permissions": PUBLIC},
    "contenttypes.contenttype": {"id": PUBLIC, "app_label": PUBLIC, "model": PUBLIC},
}


def classification_of(model: type[Model]) -> Mapping[str, Classification]:
    """The classes of a model's own fields; empty where nobody has said anything yet."""
    own: Mapping[str, Classification] | None = getattr(model, "classified", None)
    return own if own is not None else LIBRARY_MODELS.get(model._meta.label_lower, {})


def check_every_field_is_classified(
    app_configs: Sequence[Any] | None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    faults: list[CheckMessage] = []
    for model in apps.get_models(include_auto_created=False):
        declared = classification_of(model)
        fields = {field.name for field in (*model._meta.local_fields, *model._meta.local_many_to_many)}
        faults += [_unclassified(model, name) for name in sorted(fields - set(declared))]
        faults += [_unknown(model, name) for name in sorted(set(declared) - fields)]
    return faults


def _unclassified(model: type[Model], field: str) -> Error:
    return Error(
        f"{model._meta.label}.{field} is not classified.",
        hint=f"Add {field!r} to `classified` on the model: public, aggregate-only, personal or special-category.",
        obj=model,
        id="records.E001",
    )


def _unknown(model: type[Model], field: str) -> Error:
    return Error(
        f"{model._meta.label} classifies {field!r}, which is not one of its fields.",
        hint="Remove the entry, or mend its spelling.",
        obj=model,
        id="records.E002",
    )

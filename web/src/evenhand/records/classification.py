"""How sensitive each stored field is. Every field of every model says so, or `evenhand check` fails.

The classes, from least to most careful:

- PUBLIC: may be shown to anyone once the thing that it belongs to is published.
- AGGREGATE_ONLY: counts about people. Leaves the system through a release alone, never as it stands.
- PERSONAL: about a person who works with the system. Shown to those who need it, erasable.
- SPECIAL_CATEGORY: race, religion, health, sexual orientation and the like about a person.
- SECRET: a key, a password or what is made of one. Shown to nobody, in no answer to a person's request either.

A model of ours carries `classified = {"field": CLASS, ...}` beside its fields, so that a new field and its
class are written in one place; where one of them is personal, `about` says of whom. Models of the libraries that we
use are listed in `library_models`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db.models import Model

from evenhand.records.about import About, Nobody
from evenhand.records.classes import AGGREGATE_ONLY, PERSONAL, PUBLIC, SECRET, SPECIAL_CATEGORY, Classification
from evenhand.records.library_models import ABOUT, CLASSIFIED, KEPT
from evenhand.records.retention import Kept

__all__ = ["AGGREGATE_ONLY", "PERSONAL", "PUBLIC", "SECRET", "SPECIAL_CATEGORY", "Classification"]

OF_A_PERSON = frozenset({PERSONAL, SPECIAL_CATEGORY})


def classification_of(model: type[Model]) -> Mapping[str, Classification]:
    """The classes of a model's own fields; empty where nobody has said anything yet."""
    own: Mapping[str, Classification] | None = getattr(model, "classified", None)
    return own if own is not None else CLASSIFIED.get(model._meta.label_lower, {})


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


def retention_of(model: type[Model]) -> Kept | None:
    """How long the model's rows are kept; None where nobody has said anything yet."""
    own: Kept | None = getattr(model, "kept", None)
    return own if own is not None else KEPT.get(model._meta.label_lower)


def check_every_model_says_how_long(app_configs: Sequence[Any] | None, **_kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"{model._meta.label} does not say how long it is kept.",
            hint="Add `kept = Kept(why=...)` to the model, or an entry to `library_models`.",
            obj=model,
            id="records.E003",
        )
        for model in apps.get_models(include_auto_created=False)
        if retention_of(model) is None
    ]


def about_of(model: type[Model]) -> About | Nobody | None:
    """Whose data the model's rows are; None where nobody has said anything yet."""
    own: str | About | Nobody | None = getattr(model, "about", None)
    return About(own) if isinstance(own, str) else own or ABOUT.get(model._meta.label_lower)


def check_every_model_says_whom(app_configs: Sequence[Any] | None, **_kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"{model._meta.label} holds personal fields and does not say whom they are about.",
            hint='Add `about = "user"`, the path of fields to the person, to the model, or `about = Nobody("why")`.',
            obj=model,
            id="records.E004",
        )
        for model in apps.get_models(include_auto_created=False)
        if OF_A_PERSON & set(classification_of(model).values()) and about_of(model) is None
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
        hint="Remove the entry, or mend its spelling.",
        obj=model,
        id="records.E002",
    )

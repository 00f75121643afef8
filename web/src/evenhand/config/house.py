"""The order of the rooms, and the check that no foreign key climbs it.

Imports are held to the same order by the contracts in `.importlinter`; a foreign key written as a string is not an
import, so it is held to it here. A test keeps the two lists equal.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db.models import Field

STOREYS: tuple[str, ...] = (
    "config",
    "demonstration",
    "operations",
    "public",
    "plans",
    "releases",
    "evidence",
    "privacy",
    "sign_in",
    "authorities",
    "notifications",
    "gates",
    "ledger",
    "records",
)


def storey_of(app_name: str) -> int | None:
    """How high the app stands: 0 is the top. None for an app that is not ours."""
    package, _, room = app_name.partition("evenhand.")
    return STOREYS.index(room.split(".")[0]) if not package and room else None


def check_foreign_keys_point_down(
    app_configs: Sequence[Any] | None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    return [
        _climbs(field)
        for model in apps.get_models(include_auto_created=True)
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many)
        if field.is_relation and _is_upward(field)
    ]


def _is_upward(field: "Field[Any, Any]") -> bool:
    target = field.related_model
    if target is None or isinstance(target, str):
        return False
    here, there = storey_of(field.model._meta.app_config.name), storey_of(target._meta.app_config.name)
    return here is not None and there is not None and there < here


def _climbs(field: "Field[Any, Any]") -> Error:
    return Error(
        f"{field.model._meta.label}.{field.name} points up at {field.related_model._meta.label}.",  # type: ignore[union-attr]
        hint="A lower room must not know a higher one: turn the key round, or keep the id alone.",
        obj=field.model,
        id="house.E001",
    )

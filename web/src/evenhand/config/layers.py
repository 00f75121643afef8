"""The layers of the architecture, and the check that every foreign key points to a lower layer.

The order of INSTALLED_APPS is the order of the layers, from the top down. The contracts in `.importlinter` enforce it
for imports, and a test keeps the two equal. A foreign key written as a string is not an import: it is checked here.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db.models import Field

from evenhand.modules import registry


def layer_of(app_name: str) -> int | None:
    """The index of the app's layer, where 0 is the top. None for an app that is not part of Evenhand."""
    package, _, app = app_name.partition("evenhand.")
    return registry.module_order().index(app.split(".")[0]) if not package and app else None


def check_foreign_keys_point_down(
    app_configs: Sequence[Any] | None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    return [
        _error(field)
        for model in apps.get_models(include_auto_created=True)
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many)
        if field.is_relation and _points_up(field)
    ]


def _points_up(field: "Field[Any, Any]") -> bool:
    target = field.related_model
    if target is None or isinstance(target, str):
        return False
    own_layer = layer_of(field.model._meta.app_config.name)
    target_layer = layer_of(target._meta.app_config.name)
    return own_layer is not None and target_layer is not None and target_layer < own_layer


def _error(field: "Field[Any, Any]") -> Error:
    return Error(
        f"{field.model._meta.label}.{field.name} points up at {field.related_model._meta.label}.",  # type: ignore[union-attr]
        hint="A lower layer must not depend on a higher one: reverse the foreign key, or store only the id.",
        obj=field.model,
        id="layers.E001",
    )

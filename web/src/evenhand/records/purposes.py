"""Why each app holds personal data: declared by our modules in `Module.purpose`, by libraries in `library_models`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db.models import Model

from evenhand.modules import registry
from evenhand.records.classification import PERSONAL, SECRET, SPECIAL_CATEGORY, classification_of
from evenhand.records.library_models import PURPOSES

OF_A_PERSON = frozenset({PERSONAL, SPECIAL_CATEGORY, SECRET})


def purposes() -> dict[str, str]:
    """The purpose by the label of the app: our own modules from the lowest layer up, then libraries."""
    declared = {label: str(module.purpose) for label, module in reversed(registry.modules().items()) if module.purpose}
    return declared | {label: str(purpose) for label, purpose in PURPOSES.items()}


def models_with_personal_fields() -> list[type[Model]]:
    models = [model for model in apps.get_models() if OF_A_PERSON & set(classification_of(model).values())]
    return sorted(models, key=lambda model: model._meta.label)


def check_every_app_with_personal_fields_has_a_purpose(
    app_configs: Sequence[Any] | None, **_kwargs: Any
) -> list[CheckMessage]:
    return apps_without_purpose(models_with_personal_fields(), purposes())


def apps_without_purpose(models: Iterable[type[Model]], declared: Mapping[str, str]) -> list[CheckMessage]:
    lacking: dict[str, list[str]] = {}
    for model in models:
        if model._meta.app_label not in declared:
            lacking.setdefault(model._meta.app_config.name, []).append(model._meta.label)
    return [
        Error(
            f"{app} has personal fields ({', '.join(names)}) and does not say what they are for.",
            hint=f"Add `purpose=_(…)` to `MODULE` in {app}.module."
            if app.startswith("evenhand.")
            else "Add its label to `PURPOSES` in evenhand.records.library_models.",
            id="records.E008",
        )
        for app, names in lacking.items()
    ]

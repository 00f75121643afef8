"""What the drafts state of the data: read from the models themselves, so that a new field is in the next draft."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model

from evenhand.authorities.enums import Role
from evenhand.authorities.permissions import ROLE_PERMISSIONS, Permission
from evenhand.records.about import About
from evenhand.records.classification import (
    AGGREGATE_ONLY,
    PERSONAL,
    SECRET,
    SPECIAL_CATEGORY,
    Classification,
    about_of,
    classification_of,
    retention_of,
)
from evenhand.records.clock import clocked

# Why an app holds personal data. One that is missing here stops the drafts, so that none is signed without it.
PURPOSES = {
    "authorities": "Accounts and roles: who may do what for the authority, and who could at any time before",
    "account": "Signing in",
    "mfa": "Signing in",
    "socialaccount": "Signing in",
    "usersessions": "Signing in",
    "sessions": "Signing in",
    "sign_in": "Signing in",
    "axes": "Security: finding and stopping who guesses passwords",
    "notifications": "Messages to people about their work",
    "django_tasks_database": "Messages to people about their work",
    "ledger": "Accountability: the record of who did what, when and why",
    "privacy": "Answering people's requests about their own data",
    "evidence": "Accountability: who took in and approved which figures",
    "releases": "Accountability: who took in and approved which figures",
    "plans": "Accountability: who prepared and published which plan",
}
STAFF = "people who work or worked for the authority, or were invited to"


@dataclass(frozen=True)
class Holding:
    """One kind of row with personal fields."""

    what: str
    fields: str
    secrets: str
    kept: str
    erased: str


@dataclass(frozen=True)
class Purpose:
    name: str
    holdings: tuple[Holding, ...]


def purposes() -> tuple[Purpose, ...]:
    found: dict[str, list[Holding]] = defaultdict(list)
    for model in _models():
        if {PERSONAL, SPECIAL_CATEGORY, SECRET} & set(classification_of(model).values()):
            found[PURPOSES[model._meta.app_label]].append(_holding(model))
    order = list(dict.fromkeys(PURPOSES.values()))
    return tuple(Purpose(name, tuple(found[name])) for name in order if name in found)


def _models() -> list[type[Model]]:
    return sorted(apps.get_models(), key=lambda model: model._meta.label)


def _holding(model: type[Model]) -> Holding:
    return Holding(
        what=_name(model),
        fields=_fields(model, PERSONAL, SPECIAL_CATEGORY) or "none",
        secrets=_fields(model, SECRET) or "none",
        kept=kept_words(model),
        erased=_erased(model),
    )


def _name(model: type[Model]) -> str:
    return str(model._meta.verbose_name_plural)


def _fields(model: type[Model], *levels: Classification) -> str:
    names = (name for name, level in classification_of(model).items() if level in levels)
    return ", ".join(str(model._meta.get_field(name).verbose_name) for name in names)  # type: ignore[union-attr]


def kept_words(model: type[Model]) -> str:
    """How long, in words that a person may sign."""
    kept = retention_of(model)
    assert kept is not None, f"{model} does not say how long it is kept"
    if kept.days is None:
        return kept.why
    after = str(model._meta.get_field(kept.after).verbose_name)  # type: ignore[union-attr]
    return f"{_length(kept.days)} after “{after}”: {kept.why}"


def _length(days: int) -> str:
    if days and days % 365 == 0:
        return "1 year" if days == 365 else f"{days // 365} years"
    return {0: "at once", 1: "1 day"}.get(days, f"{days} days")


def _erased(model: type[Model]) -> str:
    about = about_of(model)
    if not isinstance(about, About):
        return f"stays: {about.why}" if about else "stays"
    if about.goes:
        return "goes"
    if model._meta.label == "authorities.User":
        return "name, address and password go; a random id stays"
    if model._meta.label == "ledger.Payload":
        return "what names or is about the person goes; what the person did stays"
    if about.blanks:
        return f"{', '.join(about.blanks)}: emptied; the rest names the person by a random id alone"
    return f"stays: {about.why}"


@dataclass(frozen=True)
class Clock:
    what: str
    kept: str
    how: str


def schedule() -> tuple[Clock, ...]:
    """How long everything is kept, and how it goes."""
    on_clock = {model for model, _kept in clocked()}
    return tuple(Clock(_name(model), kept_words(model), _how(model, model in on_clock)) for model in _models())


def _how(model: type[Model], is_clocked: bool) -> str:
    if model._meta.label == "authorities.User":
        return "erased by the nightly clock"
    return "deleted by the nightly clock" if is_clocked else "no clock"


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
class May:
    permission: str
    roles: str


def permissions() -> tuple[May, ...]:
    return tuple(
        May(
            permission.value,
            ", ".join(str(role.label) for role in holders(permission)) or "the server's operator alone",
        )
        for permission in Permission
    )


def holders(permission: Permission) -> list[Role]:
    return [role for role, held in ROLE_PERMISSIONS.items() if permission in held]

"""Which rows an export holds: all of them, or one authority's own and nothing of others.

A table belongs to an authority when foreign keys lead from it to one, by the shortest way. What no way leads from is
left out of one authority's export, so that a new table stays in until somebody says how it goes.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import ForeignKey, Model, Q

from evenhand.authorities.models import Authority, User
from evenhand.authorities.queries import NAMESPACE
from evenhand.ledger.models import Entry
from evenhand.operations.backup_rows import Column, columns_of
from evenhand.operations.backup_tables import LEFT_OUT as NOT_BACKED_UP
from evenhand.operations.backup_tables import tables
from evenhand.records.classes import SECRET
from evenhand.records.classification import classification_of

LEFT_OUT: Mapping[str, str] = {
    **NOT_BACKED_UP,
    "django_tasks_database.dbtaskresult": "work in hand of this installation; what it is about stands in other tables",
}
SECRET_TOO: Mapping[str, frozenset[str]] = {
    "authorities.user": frozenset({"password"}),
    "authorities.invitation": frozenset({"token_sha256"}),
}
CHAINED: Mapping[str, str] = {
    "ledger.entry": "chain",
    "ledger.payload": "entry__chain",
    "ledger.head": "chain",
    "ledger.subtree": "chain",
    "ledger.checkpoint": "chain",
}


@dataclass(frozen=True)
class Scope:
    """`authority` None stands for everything."""

    authority: Authority | None = None
    _found: dict[str, Q | None] = field(default_factory=dict)

    def tables(self) -> Iterator[tuple[str, type[Model], Q]]:
        for label, model in tables():
            condition = self.condition(label, model)
            if condition is not None and label not in LEFT_OUT:
                yield label, model, condition

    def condition(self, label: str, model: type[Model]) -> Q | None:
        """Which rows of the table; None for no table at all."""
        if self.authority is None:
            return Q()
        if label not in self._found:
            rule = RULES.get(label, _by_foreign_keys)
            self._found[label] = rule(self.authority, model)
        return self._found[label]

    def seen(self, column: Column, value: Any) -> Any:
        """A reference to another authority leads out of the export, so it is left empty."""
        if self.authority and isinstance(column.field, ForeignKey) and column.field.related_model is Authority:
            return value if value == self.authority.pk else None
        return value


def exported_columns(model: type[Model]) -> tuple[Column, ...]:
    """Without whatever is a key or is made of one: `secret` in the classification of fields, and a few that are not."""
    too = SECRET_TOO.get(model._meta.label_lower, frozenset())
    secret = {name for name, found in classification_of(model).items() if found is SECRET} | too
    return tuple(column for column in columns_of(model) if column.field.name not in secret)


def secret_columns(model: type[Model]) -> tuple[str, ...]:
    shown = exported_columns(model)
    return tuple(column.name for column in columns_of(model) if column not in shown)


def _by_foreign_keys(authority: Authority, model: type[Model]) -> Q | None:
    """By every one of the shortest ways, so that both sides of a succession hold it."""
    waiting: deque[tuple[str, type[Model]]] = deque([("", model)])
    found, depth, passed = Q(), 0, {model}
    while waiting:
        way, here = waiting.popleft()
        if found and way.count("__") >= depth:
            break
        for each in here._meta.concrete_fields:
            if not isinstance(each, ForeignKey):
                continue
            if each.related_model is Authority:
                found, depth = found | Q(**{f"{way}{each.name}": authority.pk}), way.count("__") + 1
            elif each.related_model not in passed:
                passed.add(each.related_model)
                waiting.append((f"{way}{each.name}__", each.related_model))
    return found or None


def _people(authority: Authority, model: type[Model]) -> Q:
    """Those who worked there, those whom the authority's own rows name, and those who acted in its record."""
    named = Q(pk__in=Entry._base_manager.filter(chain=authority.pk).values("actor_id"))
    for label, other in tables():
        condition = None if label in RULES else _by_foreign_keys(authority, other)
        if condition is None:
            continue
        for each in other._meta.concrete_fields:
            if isinstance(each, ForeignKey) and each.related_model is User:
                named |= Q(
                    pk__in=other._base_manager.filter(condition, **{f"{each.name}__isnull": False}).values(each.name)
                )
    return named


def _slugs(authority: Authority, model: type[Model]) -> Q:
    return Q(namespace=NAMESPACE, subject_id=authority.pk) | Q(namespace__endswith=f" of {authority.pk}")


def _chained(label: str) -> "Callable[[Authority, type[Model]], Q]":
    return lambda authority, model: Q(**{CHAINED[label]: authority.pk})


RULES: Mapping[str, Callable[[Authority, type[Model]], Q | None]] = {
    "authorities.authority": lambda authority, model: Q(pk=authority.pk),
    "authorities.user": _people,
    "records.takenslug": _slugs,
    **{label: _chained(label) for label in CHAINED},
}

"""The rows in an export: all of them, or only those of one authority.

A row belongs to an authority if a chain of foreign keys leads to it; the shortest chain is used. A table without such a
chain is left out of one authority's export, so a new table is not exported until a rule for it exists.
"""

import dataclasses
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import ForeignKey, Model, Q

from evenhand.authorities.models import Authority, User
from evenhand.authorities.queries import NAMESPACE
from evenhand.ledger.models import Entry
from evenhand.operations.backup.rows import TableColumn, columns_of
from evenhand.operations.backup.tables import LEFT_OUT as NOT_BACKED_UP
from evenhand.operations.backup.tables import tables
from evenhand.records.classes import SECRET
from evenhand.records.classification import classification_of

LEFT_OUT: Mapping[str, str] = {
    **NOT_BACKED_UP,
    "django_tasks_database.dbtaskresult": "the task queue of this installation; its subjects are in other tables",
}
ALSO_SECRET: Mapping[str, frozenset[str]] = {
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
class ExportScope:
    """Everything, if `authority` is None."""

    authority: Authority | None = None
    _conditions: dict[str, Q | None] = dataclasses.field(default_factory=dict)

    def tables(self) -> Iterator[tuple[str, type[Model], Q]]:
        for label, model in tables():
            condition = self.condition(label, model)
            if condition is not None and label not in LEFT_OUT:
                yield label, model, condition

    def condition(self, label: str, model: type[Model]) -> Q | None:
        """The rows of the table to export; None if the table is left out."""
        if self.authority is None:
            return Q()
        if label not in self._conditions:
            rule = RULES.get(label, _by_foreign_keys)
            self._conditions[label] = rule(self.authority, model)
        return self._conditions[label]

    def visible_value(self, column: TableColumn, value: Any) -> Any:
        """A reference to another authority is left empty, because its row is not in the export."""
        if self.authority and isinstance(column.field, ForeignKey) and column.field.related_model is Authority:
            return value if value == self.authority.pk else None
        return value


def exported_columns(model: type[Model]) -> tuple[TableColumn, ...]:
    """All columns except keys and values derived from keys: those classified `secret`, and those in ALSO_SECRET."""
    also_secret = ALSO_SECRET.get(model._meta.label_lower, frozenset())
    secret = {name for name, level in classification_of(model).items() if level is SECRET} | also_secret
    return tuple(column for column in columns_of(model) if column.field.name not in secret)


def secret_columns(model: type[Model]) -> tuple[str, ...]:
    exported = exported_columns(model)
    return tuple(column.name for column in columns_of(model) if column not in exported)


def _by_foreign_keys(authority: Authority, model: type[Model]) -> Q | None:
    """By all of the shortest chains of foreign keys, so that both authorities of a succession export it."""
    queue: deque[tuple[str, type[Model]]] = deque([("", model)])
    condition, depth, visited = Q(), 0, {model}
    while queue:
        lookup, current = queue.popleft()
        if condition and lookup.count("__") >= depth:
            break
        for field in current._meta.concrete_fields:
            if not isinstance(field, ForeignKey):
                continue
            if field.related_model is Authority:
                condition, depth = condition | Q(**{f"{lookup}{field.name}": authority.pk}), lookup.count("__") + 1
            elif field.related_model not in visited:
                visited.add(field.related_model)
                queue.append((f"{lookup}{field.name}__", field.related_model))
    return condition or None


def _people(authority: Authority, model: type[Model]) -> Q:
    """People who worked there, people that the authority's rows refer to, and people who acted in its ledger chain."""
    people = Q(pk__in=Entry._base_manager.filter(chain=authority.pk).values("actor_id"))
    for label, other in tables():
        condition = None if label in RULES else _by_foreign_keys(authority, other)
        if condition is None:
            continue
        for field in other._meta.concrete_fields:
            if isinstance(field, ForeignKey) and field.related_model is User:
                people |= Q(
                    pk__in=other._base_manager.filter(condition, **{f"{field.name}__isnull": False}).values(field.name)
                )
    return people


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

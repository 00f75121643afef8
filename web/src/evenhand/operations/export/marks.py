"""The column `mark` of an export: “(invented)” in each row that belongs to an invented authority."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from evenhand.authorities.invented import MARK
from evenhand.authorities.models import Authority, User
from evenhand.operations.export.scope import ExportScope

COLUMN = "mark"
Record = dict[str, Any]


@dataclass(frozen=True)
class Marks:
    """Which rows of an export are marked: none of a real authority's, and all of an invented one's."""

    scope: ExportScope
    using: str
    _invented: list[Authority] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.scope.authority is None:
            self._invented.extend(Authority._base_manager.using(self.using).filter(invented=True))
        elif self.scope.authority.invented:
            self._invented.append(self.scope.authority)

    def of_chain(self, chain: UUID) -> str:
        return MARK if chain in {authority.pk for authority in self._invented} else ""

    def invented(self, label: str, model: type[Model], rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """Those of the rows that belong to an invented authority."""
        if model is User and self.scope.authority is None:
            return rows.filter(invented=True)
        conditions = [ExportScope(authority).condition(label, model) for authority in self._invented]
        return rows.filter(reduce(or_, [condition for condition in conditions if condition], Q(pk__in=())))

    def add(self, label: str, model: type[Model], rows: Iterable[Record]) -> Iterator[Record]:
        """Yield the rows with their mark."""
        if self.scope.authority:
            mark = MARK if self._invented else ""
            yield from ({**row, COLUMN: mark} for row in rows)
            return
        assert model._meta.pk is not None
        key, all_rows = model._meta.pk.attname, model._base_manager.using(self.using).all()
        ids = set(self.invented(label, model, all_rows).values_list("pk", flat=True)) if self._invented else set()
        for row in rows:
            yield {**row, COLUMN: MARK if row.get(key) in ids else ""}

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from evenhand.authorities.models import Authority, Unit


@dataclass(frozen=True)
class UnitBranch:
    """A unit with its depth in the tree of units and the number of people in it."""

    unit: Unit
    depth: int
    people: int


def open_units(authority: Authority) -> QuerySet[Unit]:
    return Unit.objects.filter(authority=authority, closed_on=None).select_related("parent")


def tree(authority: Authority) -> list[UnitBranch]:
    """The open units in tree order: each unit is followed by the units that are part of it."""
    current = Q(memberships__ended_at=None)
    units = open_units(authority).annotate(people=Count("memberships__user", filter=current, distinct=True))
    children: dict[UUID | None, list[Unit]] = {}
    for unit in units.order_by("name"):
        children.setdefault(unit.parent_id, []).append(unit)
    return list(_branches(children, None, 1))


def _branches(children: dict[UUID | None, list[Unit]], parent_id: UUID | None, depth: int) -> Iterator[UnitBranch]:
    for unit in children.get(parent_id, []):
        yield UnitBranch(unit, depth, unit.people)  # type: ignore[attr-defined]
        yield from _branches(children, unit.id, depth + 1)


def units_below(unit: Unit) -> list[Unit]:
    """The units that are part of this one, at every depth."""
    children: dict[UUID | None, list[Unit]] = {}
    for candidate in Unit.objects.filter(authority=unit.authority_id):
        children.setdefault(candidate.parent_id, []).append(candidate)
    descendants: list[Unit] = []
    queue = [unit.id]
    while queue:
        below = children.get(queue.pop(), [])
        descendants += below
        queue += [child.id for child in below]
    return descendants

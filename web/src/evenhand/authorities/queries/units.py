from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from evenhand.authorities.models import Authority, Unit


@dataclass(frozen=True)
class Branch:
    """A unit in its place: how deep it stands, and how many people work in it."""

    unit: Unit
    depth: int
    people: int


def open_units(authority: Authority) -> QuerySet[Unit]:
    return Unit.objects.filter(authority=authority, closed_on=None).select_related("parent")


def tree(authority: Authority) -> list[Branch]:
    """The open units, each after the one that it belongs to."""
    working = Q(memberships__ended_at=None)
    counted = open_units(authority).annotate(people=Count("memberships__user", filter=working, distinct=True))
    children: dict[UUID | None, list[Unit]] = {}
    for each in counted.order_by("name"):
        children.setdefault(each.parent_id, []).append(each)
    return list(_branches(children, None, 1))


def _branches(children: dict[UUID | None, list[Unit]], above: UUID | None, depth: int) -> Iterator[Branch]:
    for each in children.get(above, []):
        yield Branch(each, depth, each.people)  # type: ignore[attr-defined]
        yield from _branches(children, each.id, depth + 1)


def units_below(unit: Unit) -> list[Unit]:
    """All of them, at every depth."""
    children: dict[UUID | None, list[Unit]] = {}
    for each in Unit.objects.filter(authority=unit.authority_id):
        children.setdefault(each.parent_id, []).append(each)
    found: list[Unit] = []
    waiting = [unit.id]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += [each.id for each in below]
    return found

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, Membership, Unit, User

OPERATOR_EMAIL = "operator@localhost"


class UnknownPerson(LookupError):
    """Nobody has this e-mail address here."""


@dataclass(frozen=True)
class Colleague:
    """A person as one authority knows them: the roles that they have there or, once they have left, had."""

    person: User
    memberships: tuple[Membership, ...]

    @property
    def has_left(self) -> bool:
        return all(each.ended_at for each in self.memberships)

    @property
    def current(self) -> tuple[Membership, ...]:
        return tuple(each for each in self.memberships if each.ended_at is None)

    @property
    def former(self) -> tuple[Membership, ...]:
        return tuple(each for each in self.memberships if each.ended_at is not None)

    @property
    def unit(self) -> Unit | None:
        return next((each.unit for each in self.current if each.unit), None)

    @property
    def since(self) -> datetime | None:
        """When the oldest of the roles that still stand began, or, once they have left, the oldest of all."""
        standing = self.current or self.memberships
        known = [each.started_at for each in standing if each.started_at]
        return min(known) if len(known) == len(standing) else None

    @property
    def left_at(self) -> datetime | None:
        return max(each.ended_at for each in self.memberships if each.ended_at) if self.has_left else None


def operator() -> User:
    """Whoever runs commands on the server: known to the record, unable to sign in."""
    user, _created = User.objects.get_or_create(
        is_operator=True,
        defaults={"email": OPERATOR_EMAIL, "name": "Command on the server", "password": "!"},
    )
    return user


def person(email: str) -> User:
    try:
        return User.objects.get(email=email.lower())
    except User.DoesNotExist as missing:
        raise UnknownPerson(f"Nobody has the address {email} here.") from missing


def actor(email: str | None) -> User:
    """Who a command acts for: the person it names, or else the command line itself."""
    return person(email) if email else operator()


def roles_of(person: User, authority: Authority) -> set[Role]:
    """Those that the person holds in their own right."""
    held = Membership.objects.filter(user=person, authority=authority, ended_at=None)
    return {Role(role) for role in held.values_list("role", flat=True)}


def administrators(authority: Authority) -> QuerySet[User]:
    return User.objects.filter(
        is_active=True,
        memberships__in=Membership.objects.filter(authority=authority, role=Role.ADMINISTRATOR, ended_at=None),
    )


def authorities_of(person: User) -> QuerySet[Authority]:
    """Where the person works now, by name."""
    working = Membership.objects.filter(user=person, ended_at=None)
    return Authority.objects.filter(memberships__in=working).distinct().order_by("name")


def working_at(authority: Authority, *, without: User | None = None) -> QuerySet[User]:
    working = Membership.objects.filter(authority=authority, ended_at=None)
    found = User.objects.filter(is_active=True, memberships__in=working).distinct().order_by("name")
    return found.exclude(id=without.id) if without else found


def colleagues(authority: Authority, *, search: str = "", left: bool = False) -> list[Colleague]:
    """Who works there, or worked there once and left, by name. Every word of the search is in the name."""
    found = Membership.objects.filter(authority=authority)
    for word in search.split():
        found = found.filter(user__name__icontains=word)
    return [each for each in _by_person(found) if each.has_left == left]


def colleague(authority: Authority, person_id: UUID) -> Colleague | None:
    """None for whoever never worked there."""
    return next(iter(_by_person(Membership.objects.filter(authority=authority, user=person_id))), None)


def _by_person(memberships: QuerySet[Membership]) -> Iterable[Colleague]:
    people: dict[User, list[Membership]] = {}
    in_order = memberships.select_related("user", "unit").order_by("user__name", "user_id", "started_at", "id")
    for each in in_order:
        people.setdefault(each.user, []).append(each)
    return [Colleague(person, tuple(held)) for person, held in people.items()]

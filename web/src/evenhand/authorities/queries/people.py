from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, Membership, Unit, User
from evenhand.authorities.permissions import current_roles

OPERATOR_EMAIL = "operator@localhost"


class UnknownPerson(LookupError):
    """No user has this email address."""


@dataclass(frozen=True)
class Colleague:
    """A person at one authority, with all the roles that they have or had there."""

    person: User
    memberships: tuple[Membership, ...]

    @property
    def has_left(self) -> bool:
        return all(membership.ended_at for membership in self.memberships)

    @property
    def current(self) -> tuple[Membership, ...]:
        return tuple(membership for membership in self.memberships if membership.ended_at is None)

    @property
    def former(self) -> tuple[Membership, ...]:
        return tuple(membership for membership in self.memberships if membership.ended_at is not None)

    @property
    def unit(self) -> Unit | None:
        return next((membership.unit for membership in self.current if membership.unit), None)

    @property
    def since(self) -> datetime | None:
        """When the oldest current role began or, if the person has left, the oldest of all. None if not known."""
        memberships = self.current or self.memberships
        starts = [membership.started_at for membership in memberships if membership.started_at]
        return min(starts) if len(starts) == len(memberships) else None

    @property
    def left_at(self) -> datetime | None:
        if not self.has_left:
            return None
        return max(membership.ended_at for membership in self.memberships if membership.ended_at)


def operator() -> User:
    """The user under which commands on the server are recorded. It cannot sign in."""
    user, _created = User.objects.get_or_create(
        is_operator=True,
        defaults={"email": OPERATOR_EMAIL, "name": "Command on the server", "password": "!"},
    )
    return user


def person(email: str) -> User:
    try:
        return User.objects.get(email=email.lower())
    except User.DoesNotExist as missing:
        raise UnknownPerson(f"There is no user with the email address {email}.") from missing


def actor(email: str | None) -> User:
    """The user that a command acts as: the person with this email address, or the operator without one."""
    return person(email) if email else operator()


def roles_of(person: User, authority: Authority) -> set[Role]:
    """The roles that the person holds themselves, without delegated ones."""
    return set(current_roles(person).at(authority))


def administrators(authority: Authority) -> QuerySet[User]:
    return User.objects.filter(
        is_active=True,
        memberships__in=Membership.objects.filter(authority=authority, role=Role.ADMINISTRATOR, ended_at=None),
    )


def authorities_of(person: User) -> QuerySet[Authority]:
    """The authorities at which the person has a role, by name."""
    memberships = Membership.objects.filter(user=person, ended_at=None)
    return Authority.objects.filter(memberships__in=memberships).distinct().order_by("name")


def working_at(authority: Authority, *, without: User | None = None) -> QuerySet[User]:
    memberships = Membership.objects.filter(authority=authority, ended_at=None)
    people = User.objects.filter(is_active=True, memberships__in=memberships).distinct().order_by("name")
    return people.exclude(id=without.id) if without else people


def colleagues(authority: Authority, *, search: str = "", left: bool = False) -> list[Colleague]:
    """The people who work at the authority, or who have left, by name. A name must contain every word of the search."""
    memberships = Membership.objects.filter(authority=authority)
    for word in search.split():
        memberships = memberships.filter(user__name__icontains=word)
    return [colleague for colleague in _by_person(memberships) if colleague.has_left == left]


def colleague(authority: Authority, person_id: UUID) -> Colleague | None:
    """None if the person has never worked there."""
    return next(iter(_by_person(Membership.objects.filter(authority=authority, user=person_id))), None)


def _by_person(memberships: QuerySet[Membership]) -> Iterable[Colleague]:
    people: dict[User, list[Membership]] = {}
    ordered = memberships.select_related("user", "unit").order_by("user__name", "user_id", "started_at", "id")
    for membership in ordered:
        people.setdefault(membership.user, []).append(membership)
    return [Colleague(person, tuple(of_person)) for person, of_person in people.items()]

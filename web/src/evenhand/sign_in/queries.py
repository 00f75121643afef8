from allauth.mfa.models import Authenticator

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Membership, User
from evenhand.authorities.permissions import current_roles

NEEDS_SECOND_FACTOR = frozenset({Role.ANALYST, Role.APPROVER, Role.ADMINISTRATOR})
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def roles_anywhere(person: User) -> frozenset[Role]:
    """All the person's current roles at any authority, including delegated ones. Empty if their access has ended."""
    return current_roles(person).anywhere if person.is_active else frozenset()


def has_second_factor(person: User) -> bool:
    return bool(Authenticator.objects.filter(user=person, type__in=SECOND_FACTORS).exists())


def memberships(person: User) -> list[tuple[str, list[str]]]:
    """The authorities that the person works for, each with the person's roles there."""
    current = Membership.objects.filter(user=person, ended_at=None).select_related("authority")
    roles_by_authority: dict[str, list[str]] = {}
    for membership in current.order_by("authority__name"):
        roles_by_authority.setdefault(membership.authority.name, []).append(membership.get_role_display())
    return list(roles_by_authority.items())

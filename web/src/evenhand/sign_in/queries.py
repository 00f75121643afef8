from allauth.mfa.models import Authenticator

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Membership, User
from evenhand.authorities.permissions import delegations_in_force

NEEDS_SECOND_STEP = frozenset({Role.ANALYST, Role.APPROVER, Role.ADMINISTRATOR})
SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def roles_anywhere(person: User) -> frozenset[Role]:
    """Every role that the person has anywhere now, lent ones too; none for someone whose access ended."""
    if not person.is_active:
        return frozenset()
    held = set(Membership.objects.filter(user=person, ended_at=None).values_list("role", flat=True))
    lent = set(delegations_in_force().filter(receiver=person).values_list("role", flat=True)) if held else set()
    return frozenset(Role(role) for role in held | lent)


def has_second_step(person: User) -> bool:
    return bool(Authenticator.objects.filter(user=person, type__in=SECOND_STEPS).exists())


def memberships(person: User) -> list[tuple[str, list[str]]]:
    """The authorities that the person works for, each with the roles there."""
    held = Membership.objects.filter(user=person, ended_at=None).select_related("authority").order_by("authority__name")
    by_authority: dict[str, list[str]] = {}
    for each in held:
        by_authority.setdefault(each.authority.name, []).append(each.get_role_display())
    return list(by_authority.items())

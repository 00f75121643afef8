"""What holds for every change to an authority's people, and the rows that are held while one is made.

Only for actions, within their transaction.
"""

from collections.abc import Collection

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from evenhand.authorities.enums import Role
from evenhand.authorities.errors import LastAdministrator, NotPossible
from evenhand.authorities.models import Authority, Delegation, Membership, Unit, User
from evenhand.authorities.permissions import Refused
from evenhand.authorities.queries import administrators
from evenhand.ledger.actions import Subject


def subject(kind: str, thing: Membership | Unit | User | Delegation, authority: Authority) -> Subject:
    return Subject(kind, thing.id, authority.id)


def held(authority: Authority) -> Authority:
    """The authority, kept to this transaction until it ends: changes to its people come one after the other."""
    return Authority.objects.select_for_update().get(id=authority.id)


def still_open(authority: Authority) -> None:
    if authority.is_closed:
        raise NotPossible(
            _("%(authority)s closed on %(day)s. Its people can leave, and nobody new can come.")
            % {"authority": authority, "day": authority.closing_day}
        )


def of_authority(unit: Unit | None, authority: Authority) -> None:
    if unit is not None and not Unit.objects.filter(id=unit.id, authority=authority, closed_on=None).exists():
        raise NotPossible(_("%(unit)s is not an open unit of %(authority)s.") % {"unit": unit, "authority": authority})


def not_to_oneself(by: User, person: User, given: Collection[Role]) -> None:
    """Whoever hands roles out could otherwise prepare figures and approve them too."""
    if given and by == person and not by.is_operator:
        raise Refused(_("Nobody gives a role to themselves. Ask another administrator, or whoever runs the server."))


def administrator_remains(authority: Authority, without: User, *, by: User) -> None:
    """An authority that has an administrator keeps one, unless it is no more or the server's operator says so."""
    if by.is_operator or authority.is_closed:
        return
    others = administrators(authority).exclude(id=without.id)
    if not others.exists() and administrators(authority).filter(id=without.id).exists():
        raise LastAdministrator(
            _("%(person)s is the last administrator of %(authority)s. Make somebody else an administrator first.")
            % {"person": without, "authority": authority}
        )


def grant(authority: Authority, person: User, role: Role, *, unit: Unit | None = None, source: str = "") -> Membership:
    """The role, given; one that a group gave before is the person's own from now on."""
    found, created = Membership.objects.get_or_create(
        authority=authority,
        user=person,
        role=Role(role),
        ended_at=None,
        defaults={"unit": unit, "source": source, "started_at": timezone.now()},
    )
    if not created and found.source and not source:
        found.source, found.group_lost_at = "", None
        found.save(update_fields=["source", "group_lost_at"])
    return found


def end_roles(authority: Authority, person: User, roles: Collection[str]) -> None:
    """The roles end, and with each what the person has lent of it."""
    now = timezone.now()
    open_roles = Membership.objects.filter(authority=authority, user=person, ended_at=None)
    open_roles.filter(role__in=roles).update(ended_at=now)
    end_delegations(Delegation.objects.filter(authority=authority, giver=person, role__in=roles))
    if not open_roles.exists():
        end_delegations(Delegation.objects.filter(authority=authority, receiver=person))


def end_delegations(lent: QuerySet[Delegation]) -> None:
    now = timezone.now()
    lent.filter(ended_early_at=None, ends_at__gt=now).update(ended_early_at=now)

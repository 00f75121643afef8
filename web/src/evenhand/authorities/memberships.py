"""Granting and ending roles and delegations, and the checks that every change to an authority's people makes.

For actions only, within their transaction.
"""

from collections.abc import Collection

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from evenhand.authorities.enums import Role
from evenhand.authorities.errors import LastAdministrator, NotPossible
from evenhand.authorities.invented_checks import check_can_work_for
from evenhand.authorities.models import Authority, Delegation, Membership, Unit, User
from evenhand.authorities.permissions import Refused
from evenhand.authorities.queries import administrators
from evenhand.ledger.actions import Subject


def subject_of(kind: str, record: Membership | Unit | User | Delegation, authority: Authority) -> Subject:
    return Subject(kind, record.id, authority.id)


def lock(authority: Authority) -> Authority:
    """Lock the authority's row until the transaction ends, so that changes to its people happen one at a time."""
    return Authority.objects.select_for_update().get(id=authority.id)


def check_open(authority: Authority) -> None:
    if authority.is_closed:
        raise NotPossible(
            _("%(authority)s closed on %(day)s. People can leave, but nobody can join.")
            % {"authority": authority, "day": authority.closing_day}
        )


def check_unit(unit: Unit | None, authority: Authority) -> None:
    if unit is not None and not Unit.objects.filter(id=unit.id, authority=authority, closed_on=None).exists():
        raise NotPossible(_("%(unit)s is not an open unit of %(authority)s.") % {"unit": unit, "authority": authority})


def check_not_own_role(by: User, person: User, roles: Collection[Role]) -> None:
    """Otherwise an administrator could both prepare and approve figures."""
    if roles and by == person and not by.is_operator:
        raise Refused(
            _("You cannot give yourself a role. Ask another administrator, or the people who run the server.")
        )


def check_administrator_remains(authority: Authority, without: User, *, by: User) -> None:
    """An open authority with an administrator must keep one, unless the server's operator makes the change."""
    if by.is_operator or authority.is_closed:
        return
    others = administrators(authority).exclude(id=without.id)
    if not others.exists() and administrators(authority).filter(id=without.id).exists():
        raise LastAdministrator(
            _("%(person)s is the last administrator of %(authority)s. Make somebody else an administrator first.")
            % {"person": without, "authority": authority}
        )


def grant_role(
    authority: Authority, person: User, role: Role, *, unit: Unit | None = None, source: str = ""
) -> Membership:
    """Give the person the role. A role that came from a group becomes the person's own if `source` is empty."""
    check_can_work_for(person, authority)
    membership, created = Membership.objects.get_or_create(
        authority=authority,
        user=person,
        role=Role(role),
        ended_at=None,
        defaults={"unit": unit, "source": source, "started_at": timezone.now()},
    )
    if not created and membership.source and not source:
        membership.source, membership.group_lost_at = "", None
        membership.save(update_fields=["source", "group_lost_at"])
    return membership


def end_roles(authority: Authority, person: User, roles: Collection[str]) -> None:
    """End the roles, and the delegations that the person has made of them."""
    now = timezone.now()
    open_roles = Membership.objects.filter(authority=authority, user=person, ended_at=None)
    open_roles.filter(role__in=roles).update(ended_at=now)
    end_delegations(Delegation.objects.filter(authority=authority, giver=person, role__in=roles))
    if not open_roles.exists():
        end_delegations(Delegation.objects.filter(authority=authority, receiver=person))


def end_delegations(delegations: QuerySet[Delegation]) -> None:
    now = timezone.now()
    delegations.filter(ended_early_at=None, ends_at__gt=now).update(ended_early_at=now)

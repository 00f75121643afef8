from datetime import date, datetime, time

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evenhand.authorities.enums import Role
from evenhand.authorities.errors import NotPossible
from evenhand.authorities.memberships import check_open, end_delegations, lock, subject_of
from evenhand.authorities.models import Authority, Delegation, User
from evenhand.authorities.permissions import MANAGE_AUTHORITY, may, may_delegate, works_for
from evenhand.authorities.queries import roles_of
from evenhand.ledger.actions import recording

LONGEST_DAYS = 366


def delegate(
    authority: Authority,
    *,
    by: User,
    receiver: User,
    role: Role,
    first_day: date,
    last_day: date,
    reason: str,
    giver: User | None = None,
) -> Delegation:
    """Delegate a role to a colleague from the start of the first day to the end of the last, London time."""
    giver = giver or by
    may_delegate(by, giver, role, authority).require()
    with recording("authorities.delegate", by=by, reason=reason) as change:
        check_open(lock(authority))
        _check_days(first_day, last_day)
        _check_receiver(authority, giver, receiver, role)
        starts_at, ends_at = _instant(first_day, time.min), _instant(last_day, time.max)
        _check_overlap(authority, giver, receiver, role, starts_at, ends_at)
        delegation = Delegation.objects.create(
            authority=authority,
            role=role,
            giver=giver,
            receiver=receiver,
            reason=reason,
            starts_at=starts_at,
            ends_at=ends_at,
        )
        change.subject = subject_of("delegation", delegation, authority)
        change.after = {
            "role": role,
            "giver": giver.id,
            "receiver": receiver.id,
            "first_day": first_day,
            "last_day": last_day,
        }
    return delegation


def end_delegation(delegation: Delegation, *, by: User, reason: str = "") -> None:
    """End a delegation early. Allowed for its giver, its receiver and administrators; no effect if it has ended."""
    authority = delegation.authority
    if by not in (delegation.giver, delegation.receiver) or not works_for(by, authority):
        may(by, MANAGE_AUTHORITY, authority).require()
    now = timezone.now()
    if not Delegation.objects.filter(id=delegation.id, ended_early_at=None, ends_at__gt=now).exists():
        return
    subject = subject_of("delegation", delegation, authority)
    with recording("authorities.end_delegation", on=subject, by=by, reason=reason) as change:
        change.before = {"last_day": delegation.last_day}
        end_delegations(Delegation.objects.filter(id=delegation.id))
        change.after = {"ended_early_at": now}


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=timezone.get_default_timezone())


def _check_days(first: date, last: date) -> None:
    if first < timezone.localdate():
        raise NotPossible(_("The first day must be today or later."))
    if last < first:
        raise NotPossible(_("The last day must not be before the first day."))
    if (last - first).days >= LONGEST_DAYS:
        raise NotPossible(
            _("Cover can last a year at most. If your colleague needs the role for longer, give them the role.")
        )


def _check_receiver(authority: Authority, giver: User, receiver: User, role: Role) -> None:
    if receiver == giver:
        raise NotPossible(_("Choose a colleague other than yourself."))
    if not works_for(receiver, authority):
        raise NotPossible(
            _("%(person)s does not work for %(authority)s.") % {"person": receiver, "authority": authority}
        )
    if role in roles_of(receiver, authority):
        raise NotPossible(
            _("%(person)s already has the role %(role)s.") % {"person": receiver, "role": Role(role).label}
        )


def _check_overlap(
    authority: Authority, giver: User, receiver: User, role: Role, starts_at: datetime, ends_at: datetime
) -> None:
    overlapping = Delegation.objects.filter(
        authority=authority,
        giver=giver,
        receiver=receiver,
        role=role,
        ended_early_at=None,
        starts_at__lte=ends_at,
        ends_at__gte=starts_at,
    ).first()
    if overlapping:
        raise NotPossible(
            _("You have already arranged cover by %(person)s for this role, from %(first)s to %(last)s.")
            % {
                "person": receiver,
                "first": date_format(overlapping.first_day, "j F Y"),
                "last": date_format(overlapping.last_day, "j F Y"),
            }
        )

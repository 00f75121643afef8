from datetime import date, datetime, time

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evenhand.authorities.enums import Role
from evenhand.authorities.errors import NotPossible
from evenhand.authorities.models import Authority, Delegation, User
from evenhand.authorities.permissions import Permission, may, may_lend, works_for
from evenhand.authorities.queries import roles_of
from evenhand.authorities.standing import end_delegations, held, still_open, subject
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
    """Lend one's own role to a colleague from the start of one day to the end of another, London time."""
    giver = giver or by
    may_lend(by, giver, role, authority).require()
    with recording("authorities.delegate", by=by, reason=reason) as change:
        still_open(held(authority))
        _check_days(first_day, last_day)
        _check_receiver(authority, giver, receiver, role)
        starts_at, ends_at = _instant(first_day, time.min), _instant(last_day, time.max)
        _check_overlap(authority, giver, receiver, role, starts_at, ends_at)
        lent = Delegation.objects.create(
            authority=authority,
            role=role,
            giver=giver,
            receiver=receiver,
            reason=reason,
            starts_at=starts_at,
            ends_at=ends_at,
        )
        change.subject = subject("delegation", lent, authority)
        change.after = {
            "role": role,
            "giver": giver.id,
            "receiver": receiver.id,
            "first_day": first_day,
            "last_day": last_day,
        }
    return lent


def end_delegation(delegation: Delegation, *, by: User, reason: str = "") -> None:
    """Early: by whoever lent the role, whoever has it, or an administrator. Ended already, it stays so."""
    authority = delegation.authority
    if by not in (delegation.giver, delegation.receiver) or not works_for(by, authority):
        may(by, Permission.MANAGE_AUTHORITY, authority).require()
    now = timezone.now()
    if not Delegation.objects.filter(id=delegation.id, ended_early_at=None, ends_at__gt=now).exists():
        return
    on = subject("delegation", delegation, authority)
    with recording("authorities.end_delegation", on=on, by=by, reason=reason) as change:
        change.before = {"last_day": delegation.last_day}
        end_delegations(Delegation.objects.filter(id=delegation.id))
        change.after = {"ended_early_at": now}


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=timezone.get_default_timezone())


def _check_days(first: date, last: date) -> None:
    if first < timezone.localdate():
        raise NotPossible(_("The first day has passed already. Choose today or a later day."))
    if last < first:
        raise NotPossible(_("The last day comes before the first."))
    if (last - first).days >= LONGEST_DAYS:
        raise NotPossible(_("A role is lent for a year at most. For longer, your colleague needs a role of their own."))


def _check_receiver(authority: Authority, giver: User, receiver: User, role: Role) -> None:
    if receiver == giver:
        raise NotPossible(_("A role is lent to somebody else."))
    if not works_for(receiver, authority):
        raise NotPossible(
            _("%(person)s does not work for %(authority)s.") % {"person": receiver, "authority": authority}
        )
    if role in roles_of(receiver, authority):
        raise NotPossible(_("%(person)s is %(role)s already.") % {"person": receiver, "role": Role(role).label.lower()})


def _check_overlap(
    authority: Authority, giver: User, receiver: User, role: Role, starts_at: datetime, ends_at: datetime
) -> None:
    same = Delegation.objects.filter(
        authority=authority,
        giver=giver,
        receiver=receiver,
        role=role,
        ended_early_at=None,
        starts_at__lte=ends_at,
        ends_at__gte=starts_at,
    ).first()
    if same:
        raise NotPossible(
            _("You have lent this role to %(person)s already, from %(first)s to %(last)s.")
            % {
                "person": receiver,
                "first": date_format(same.first_day, "j F Y"),
                "last": date_format(same.last_day, "j F Y"),
            }
        )

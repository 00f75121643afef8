from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evenhand.authorities.errors import NotPossible
from evenhand.authorities.memberships import check_open, check_unit, lock, subject_of
from evenhand.authorities.models import Authority, Membership, Unit, User
from evenhand.authorities.permissions import MANAGE_AUTHORITY, may
from evenhand.authorities.queries import units_below
from evenhand.ledger.actions import recording


def add_unit(authority: Authority, *, by: User, name: str, parent: Unit | None = None) -> Unit:
    may(by, MANAGE_AUTHORITY, authority).require()
    with recording("authorities.add_unit", by=by) as change:
        check_open(lock(authority))
        check_unit(parent, authority)
        unit = Unit(authority=authority, name=name.strip(), parent=parent)
        _check_name(unit)
        unit.full_clean()
        unit.save()
        change.subject = subject_of("unit", unit, authority)
        change.after = {"name": unit.name, "parent": unit.parent_id}
    return unit


def rename_unit(unit: Unit, *, by: User, name: str) -> Unit:
    may(by, MANAGE_AUTHORITY, unit.authority).require()
    with recording("authorities.rename_unit", on=subject_of("unit", unit, unit.authority), by=by) as change:
        locked = _lock_open(unit)
        change.before = {"name": locked.name}
        locked.name = name.strip()
        _check_name(locked)
        locked.full_clean()
        locked.save(update_fields=["name"])
        change.after = {"name": locked.name}
    return locked


def move_unit(unit: Unit, *, by: User, parent: Unit | None) -> Unit:
    may(by, MANAGE_AUTHORITY, unit.authority).require()
    with recording("authorities.move_unit", on=subject_of("unit", unit, unit.authority), by=by) as change:
        locked = _lock_open(unit)
        check_unit(parent, locked.authority)
        if parent is not None and parent in (locked, *units_below(locked)):
            raise NotPossible(
                _("%(unit)s cannot be part of %(parent)s, because %(parent)s is part of it.")
                % {"unit": locked, "parent": parent}
                if parent != locked
                else _("%(unit)s cannot be part of itself.") % {"unit": locked}
            )
        change.before = {"parent": locked.parent_id}
        locked.parent = parent
        _check_name(locked)
        locked.save(update_fields=["parent"])
        change.after = {"parent": locked.parent_id}
    return locked


def close_unit(unit: Unit, *, by: User, reason: str = "") -> Unit:
    """Close the unit. Its people keep their roles and are then in no unit."""
    may(by, MANAGE_AUTHORITY, unit.authority).require()
    with transaction.atomic():
        lock(unit.authority)
        current = Unit.objects.get(id=unit.id)
        if current.closed_on is not None:
            return current
        if below := [child.name for child in current.children.filter(closed_on=None)]:
            raise NotPossible(
                _("%(unit)s contains other units: %(below)s. Close or move them first.")
                % {"unit": current, "below": ", ".join(below)}
            )
        subject = subject_of("unit", current, current.authority)
        with recording("authorities.close_unit", on=subject, by=by, reason=reason) as change:
            memberships = Membership.objects.filter(unit=current, ended_at=None)
            change.before = {"closed_on": None, "people": memberships.values("user").distinct().count()}
            memberships.update(unit=None)
            current.closed_on = timezone.localdate()
            current.save(update_fields=["closed_on"])
            change.after = {"closed_on": current.closed_on}
    return current


def _lock_open(unit: Unit) -> Unit:
    check_open(lock(unit.authority))
    current = Unit.objects.select_related("authority").get(id=unit.id)
    if current.closed_on is not None:
        raise NotPossible(_("%(unit)s is closed.") % {"unit": current})
    return current


def _check_name(unit: Unit) -> None:
    namesakes = Unit.objects.filter(
        authority=unit.authority, parent=unit.parent, name__iexact=unit.name, closed_on=None
    )
    if namesakes.exclude(id=unit.id).exists():
        raise NotPossible(_("There is already a unit called %(name)s there.") % {"name": unit.name})

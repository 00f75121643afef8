from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evenhand.authorities.errors import NotPossible
from evenhand.authorities.models import Authority, Membership, Unit, User
from evenhand.authorities.permissions import Permission, may
from evenhand.authorities.queries import units_below
from evenhand.authorities.standing import held, of_authority, still_open, subject
from evenhand.ledger.actions import recording


def add_unit(authority: Authority, *, by: User, name: str, parent: Unit | None = None) -> Unit:
    may(by, Permission.MANAGE_AUTHORITY, authority).require()
    with recording("authorities.add_unit", by=by) as change:
        still_open(held(authority))
        of_authority(parent, authority)
        unit = Unit(authority=authority, name=name.strip(), parent=parent)
        _check_name(unit)
        unit.full_clean()
        unit.save()
        change.subject = subject("unit", unit, authority)
        change.after = {"name": unit.name, "parent": unit.parent_id}
    return unit


def rename_unit(unit: Unit, *, by: User, name: str) -> Unit:
    may(by, Permission.MANAGE_AUTHORITY, unit.authority).require()
    with recording("authorities.rename_unit", on=subject("unit", unit, unit.authority), by=by) as change:
        found = _open(unit)
        change.before = {"name": found.name}
        found.name = name.strip()
        _check_name(found)
        found.full_clean()
        found.save(update_fields=["name"])
        change.after = {"name": found.name}
    return found


def move_unit(unit: Unit, *, by: User, parent: Unit | None) -> Unit:
    may(by, Permission.MANAGE_AUTHORITY, unit.authority).require()
    with recording("authorities.move_unit", on=subject("unit", unit, unit.authority), by=by) as change:
        found = _open(unit)
        of_authority(parent, found.authority)
        if parent is not None and parent in (found, *units_below(found)):
            raise NotPossible(
                _("%(unit)s can't be put below %(parent)s, which is below it.") % {"unit": found, "parent": parent}
                if parent != found
                else _("%(unit)s can't be put below itself.") % {"unit": found}
            )
        change.before = {"parent": found.parent_id}
        found.parent = parent
        _check_name(found)
        found.save(update_fields=["parent"])
        change.after = {"parent": found.parent_id}
    return found


def close_unit(unit: Unit, *, by: User, reason: str = "") -> Unit:
    """Whoever works there goes on working for the authority, in no unit."""
    may(by, Permission.MANAGE_AUTHORITY, unit.authority).require()
    with transaction.atomic():
        held(unit.authority)
        found = Unit.objects.get(id=unit.id)
        if found.closed_on is not None:
            return found
        if below := [each.name for each in found.children.filter(closed_on=None)]:
            raise NotPossible(
                _("%(unit)s has units below it: %(below)s. Close them or move them first.")
                % {"unit": found, "below": ", ".join(below)}
            )
        with recording(
            "authorities.close_unit", on=subject("unit", found, found.authority), by=by, reason=reason
        ) as change:
            people = Membership.objects.filter(unit=found, ended_at=None)
            change.before = {"closed_on": None, "people": people.values("user").distinct().count()}
            people.update(unit=None)
            found.closed_on = timezone.localdate()
            found.save(update_fields=["closed_on"])
            change.after = {"closed_on": found.closed_on}
    return found


def _open(unit: Unit) -> Unit:
    still_open(held(unit.authority))
    found = Unit.objects.select_related("authority").get(id=unit.id)
    if found.closed_on is not None:
        raise NotPossible(_("%(unit)s is closed.") % {"unit": found})
    return found


def _check_name(unit: Unit) -> None:
    same = Unit.objects.filter(authority=unit.authority, parent=unit.parent, name__iexact=unit.name, closed_on=None)
    if same.exclude(id=unit.id).exists():
        raise NotPossible(_("There is a unit called %(name)s there already.") % {"name": unit.name})

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from evenhand.authorities.errors import NotPossible
from evenhand.authorities.memberships import check_open, lock
from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import MANAGE_AUTHORITY, may
from evenhand.clock.calendars import SATURDAY
from evenhand.clock.models import HolidayChange
from evenhand.clock.queries import working_days
from evenhand.ledger.actions import RecordedChange, Subject, recording


def add_holiday(authority: Authority, *, by: User, day: date, name: str) -> HolidayChange:
    """Add a bank holiday that the calendar does not know."""
    may(by, MANAGE_AUTHORITY, authority).require()
    name = name.strip()
    if not name:
        raise NotPossible(_("Enter the name of the bank holiday."))
    with transaction.atomic():
        check_open(lock(authority))
        if day.weekday() >= SATURDAY:
            raise NotPossible(_("This day is at a weekend, so it is not a working day in any case."))
        if holiday := working_days(authority).holiday(day):
            raise NotPossible(_("This day is already a bank holiday: %(holiday)s.") % {"holiday": holiday})
        with recording("clock.add_holiday", by=by) as recorded:
            return _change(recorded, authority, day, name, is_holiday=True)


def remove_holiday(authority: Authority, *, by: User, day: date) -> HolidayChange | None:
    """Make a bank holiday a working day: one that was added here, or one of the calendar. None if it was added here."""
    may(by, MANAGE_AUTHORITY, authority).require()
    with transaction.atomic():
        check_open(lock(authority))
        holiday = working_days(authority).holiday(day)
        if not holiday:
            raise NotPossible(_("This day is not a bank holiday."))
        with recording("clock.remove_holiday", by=by) as recorded:
            if HolidayChange.objects.filter(authority=authority, day=day).exists():
                _undo(recorded, authority, day)
                return None
            return _change(recorded, authority, day, holiday, is_holiday=False)


def restore_holiday(authority: Authority, *, by: User, day: date) -> None:
    """Make a day a bank holiday again that was one in the calendar and was removed."""
    may(by, MANAGE_AUTHORITY, authority).require()
    with transaction.atomic():
        check_open(lock(authority))
        if not HolidayChange.objects.filter(authority=authority, day=day, is_holiday=False).exists():
            raise NotPossible(_("This day has not been removed."))
        with recording("clock.restore_holiday", by=by) as recorded:
            _undo(recorded, authority, day)


def _change(recorded: RecordedChange, authority: Authority, day: date, name: str, *, is_holiday: bool) -> HolidayChange:
    HolidayChange.objects.filter(authority=authority, day=day).delete()
    change = HolidayChange.objects.create(authority=authority, day=day, name=name, is_holiday=is_holiday)
    _record(recorded, change, is_holiday=is_holiday)
    return change


def _undo(recorded: RecordedChange, authority: Authority, day: date) -> None:
    change = HolidayChange.objects.get(authority=authority, day=day)
    _record(recorded, change, is_holiday=not change.is_holiday)
    change.delete()


def _record(recorded: RecordedChange, change: HolidayChange, *, is_holiday: bool) -> None:
    recorded.subject = Subject("holiday", change.id, change.authority_id)
    recorded.before = {"day": change.day, "name": change.name, "is_holiday": not is_holiday}
    recorded.after = {"day": change.day, "name": change.name, "is_holiday": is_holiday}

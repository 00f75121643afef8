from datetime import date

from evenhand.authorities.models import Authority
from evenhand.clock.calculation import DueDate, due_date
from evenhand.clock.calendars import WorkingDays
from evenhand.clock.enums import Calendar, Nation
from evenhand.clock.models import Extension, HolidayChange, Pause
from evenhand.clock.rules import NoRuleForNation, Rule
from evenhand.ledger.actions import Subject

_NATIONS = {
    "E": Nation.ENGLAND,
    "X": Nation.ENGLAND,  # an invented authority
    "W": Nation.WALES,
    "S": Nation.SCOTLAND,
    "N": Nation.NORTHERN_IRELAND,
}


def nation_of(authority: Authority) -> Nation:
    """The nation of the area that the authority serves. Raises NoRuleForNation if it serves more than one."""
    try:
        return _NATIONS[authority.area_code[:1]]
    except KeyError:
        raise NoRuleForNation(
            f"{authority} serves more than one nation (area {authority.area_code}), so its deadlines are not known."
        ) from None


def working_days(authority: Authority, calendar: Calendar = Calendar.ENGLAND) -> WorkingDays:
    """The working days of a calendar, with the corrections that the authority has made."""
    changes = list(HolidayChange.objects.filter(authority=authority))
    return WorkingDays(
        calendar,
        added={change.day: change.name for change in changes if change.is_holiday},
        removed=frozenset(change.day for change in changes if not change.is_holiday),
    )


def due_date_of(rule: Rule, event: date, authority: Authority, subject: Subject | None = None) -> DueDate:
    """The deadline of a record, with its pauses and its extension. Raises NoRuleForNation."""
    if rule.nations:
        rule.check_nation(nation_of(authority))
    days = working_days(authority, rule.calendar)
    if subject is None:
        return due_date(rule, event, days)
    extension = extension_of(subject)
    return due_date(
        rule,
        event,
        days,
        [pause.as_stopped_clock() for pause in pauses_of(subject)],
        extension.length if extension else None,
    )


def pauses_of(subject: Subject) -> list[Pause]:
    return list(Pause.objects.filter(subject_kind=subject.kind, subject_id=subject.id))


def extension_of(subject: Subject) -> Extension | None:
    return Extension.objects.filter(subject_kind=subject.kind, subject_id=subject.id).first()

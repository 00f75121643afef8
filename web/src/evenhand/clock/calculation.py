"""How a deadline is worked out from its rule, the event, the holidays, the pauses and the extension."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from evenhand.clock.calendars import ONE_DAY, SATURDAY, WorkingDays, days_between
from evenhand.clock.enums import Counting, PauseReason, Unit
from evenhand.clock.rules import Length, Rule

NO_LIMIT = 10_000  # days; a deadline that is further away is a mistake


@dataclass(frozen=True)
class StoppedClock:
    """The days from `begins` on do not count, until and without `ends`; None while the clock is still stopped."""

    begins: date
    ends: date | None
    reason: PauseReason

    def covers(self, day: date) -> bool:
        return self.begins <= day and (self.ends is None or day < self.ends)


@dataclass(frozen=True)
class UncountedHoliday:
    day: date
    name: str


@dataclass(frozen=True)
class DueDate:
    """A deadline with its reasons. `due` is None while the clock is stopped."""

    rule: Rule
    event: date
    due: date | None
    first_due: date  # without pauses and extension
    holidays: tuple[UncountedHoliday, ...]  # that fell on weekdays within the period
    pauses: tuple[StoppedClock, ...]
    extension: Length | None

    def days_left(self, today: date) -> int | None:
        """Calendar days until the deadline; negative when it has passed; None while the clock is stopped."""
        return None if self.due is None else (self.due - today).days


def due_date(
    rule: Rule,
    event: date,
    working_days: WorkingDays,
    pauses: Sequence[StoppedClock] = (),
    extension: Length | None = None,
) -> DueDate:
    """Work out the last day on which the deadline is met; for clear days, the first day for the thing."""
    length = rule.length if extension is None else Length(rule.length.amount + extension.amount, rule.length.unit)
    first_due = _last_day(rule, rule.length, event, working_days, ())
    # A pause that begins after the deadline has passed does not move it.
    due = _last_day(rule, length, event, working_days, ())
    counted: list[StoppedClock] = []
    for pause in sorted(pauses, key=lambda pause: pause.begins):
        if pause.begins > due:
            continue
        counted.append(pause)
        if pause.ends is None:
            return DueDate(rule, event, None, first_due, (), tuple(counted), extension)
        due = _last_day(rule, length, event, working_days, counted)
    holidays = tuple(_holidays(rule, event, due, working_days))
    return DueDate(rule, event, due, first_due, holidays, tuple(counted), extension)


def latest_day_before(rule: Rule, event: date, working_days: WorkingDays) -> date:
    """The latest day for something that must come so long before the event, such as an agenda before its meeting."""
    return _count_days(rule, rule.length, event, working_days, (), step=-1)


def _last_day(
    rule: Rule, length: Length, event: date, working_days: WorkingDays, pauses: Sequence[StoppedClock]
) -> date:
    if length.unit in (Unit.MONTHS, Unit.YEARS):
        return _after_paused_days(_add_months(rule, length, event), event, pauses)
    return _count_days(rule, length, event, working_days, pauses)


def _count_days(
    rule: Rule,
    length: Length,
    event: date,
    working_days: WorkingDays,
    pauses: Sequence[StoppedClock],
    step: int = 1,
) -> date:
    only_working_days = length.unit is Unit.WORKING_DAYS
    day = event - ONE_DAY * step if rule.counting is Counting.BEGINNING_WITH else event
    counted = 0
    for _attempt in range(NO_LIMIT):
        day += ONE_DAY * step
        if any(pause.covers(day) for pause in pauses) or (only_working_days and day not in working_days):
            continue
        counted += 1
        if counted == length.amount:
            return day + ONE_DAY * step if rule.counting is Counting.CLEAR else day
    raise ValueError(f"{rule.key}: the deadline is more than {NO_LIMIT} days away.")


def _add_months(rule: Rule, length: Length, event: date) -> date:
    """The same day of the month, or its last day. A period that begins with the event ends a day earlier."""
    delta = relativedelta(months=length.amount) if length.unit is Unit.MONTHS else relativedelta(years=length.amount)
    day = event + delta
    has_same_day = day.day == event.day
    return day - ONE_DAY if rule.counting is Counting.BEGINNING_WITH and has_same_day else day


def _after_paused_days(day: date, event: date, pauses: Sequence[StoppedClock]) -> date:
    """Move the day on by a day for each day of the period on which the clock was stopped."""
    left = sum(_is_paused(counted, pauses) for counted in days_between(event + ONE_DAY, day))
    while left:
        day += ONE_DAY
        if not _is_paused(day, pauses):
            left -= 1
    return day


def _is_paused(day: date, pauses: Sequence[StoppedClock]) -> bool:
    return any(pause.covers(day) for pause in pauses)


def _holidays(rule: Rule, event: date, due: date, working_days: WorkingDays) -> Iterator[UncountedHoliday]:
    """Weekends are not listed: everyone knows them."""
    if rule.length.unit is not Unit.WORKING_DAYS:
        return
    for day in days_between(event, due):
        if day.weekday() < SATURDAY and (name := working_days.holiday(day)):
            yield UncountedHoliday(day, name)

"""Working days: the days that are neither at a weekend nor a bank holiday."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

import holidays

from evenhand.clock.enums import Calendar

_ENGLAND, _WALES, _SCOTLAND, _NORTHERN_IRELAND = "ENG", "WLS", "SCT", "NIR"  # the codes of the library
_PARTS = {
    Calendar.ENGLAND: (_ENGLAND,),
    Calendar.UNITED_KINGDOM: (_ENGLAND, _WALES, _SCOTLAND, _NORTHERN_IRELAND),
}
ONE_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class WorkingDays:
    """The working days of a calendar, with an authority's corrections.

    `added` are holidays that the calendar does not know, by day and name; `removed` are days that are none after all.
    """

    calendar: Calendar = Calendar.ENGLAND
    added: Mapping[date, str] = field(default_factory=dict)
    removed: frozenset[date] = frozenset()

    def holiday(self, day: date) -> str:
        """The name of the holiday on this day; empty if there is none."""
        if day in self.added:
            return self.added[day]
        return "" if day in self.removed else _bank_holidays(self.calendar, day.year).get(day, "")

    def holidays(self, year: int) -> dict[date, str]:
        """The holidays of a year, in order."""
        days = {day: name for day, name in _bank_holidays(self.calendar, year).items() if day not in self.removed}
        days |= {day: name for day, name in self.added.items() if day.year == year}
        return dict(sorted(days.items()))

    def __contains__(self, day: date) -> bool:
        return day.weekday() < SATURDAY and not self.holiday(day)


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both included."""
    day = first
    while day <= last:
        yield day
        day += ONE_DAY


@cache
def _bank_holidays(calendar: Calendar, year: int) -> dict[date, str]:
    """Bank holidays as the library knows them. A day on which several parts have one has the name of the first."""
    days: dict[date, str] = {}
    for part in _PARTS[calendar]:
        for day, name in holidays.country_holidays("GB", subdiv=part, years=year, language="en_GB").items():
            if day.year == year:
                days.setdefault(day, name.replace("(observed)", "(substitute day)"))
    return days

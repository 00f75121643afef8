"""Dates as people write them in plans: a day, a month, a quarter, a year, “ongoing”, “every March”.

What was written is kept beside its meaning. Only a date with a last day can be late.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LONGEST = 100


class DateKind(TextChoices):
    DAY = "day", gettext_lazy("day")
    MONTH = "month", gettext_lazy("month")
    QUARTER = "quarter", gettext_lazy("quarter of a financial year")
    YEAR = "year", gettext_lazy("calendar year")
    FINANCIAL_YEAR = "financial_year", gettext_lazy("financial year")
    ONGOING = "ongoing", gettext_lazy("ongoing")
    RECURRING = "recurring", gettext_lazy("recurring")


class UnreadableDate(ValueError):
    """The text cannot be read as a date: the message says how to write it."""


@dataclass(frozen=True)
class WrittenDate:
    words: str
    kind: DateKind
    first: date | None = None
    last: date | None = None  # inclusive; None for what is ongoing or recurs, which is never late

    def __str__(self) -> str:
        return self.words

    def is_past(self, today: date) -> bool:
        return self.last is not None and self.last < today


_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" if name != "september" else "sept?(?:ember)?" for name in _MONTHS)
_YEAR = r"(?P<year>\d{4}|\d{2})"
_DAY = re.compile(rf"(?:\w+day,? )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month>{_MONTH})\.?,? {_YEAR}")
_NUMERIC_DAY = re.compile(rf"(?P<day>\d{{1,2}})[/.](?P<number>\d{{1,2}})[/.]{_YEAR}")
_ISO_DAY = re.compile(r"(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})")
_MONTH_OF_YEAR = re.compile(rf"(?P<month>{_MONTH})\.?,? {_YEAR}")
_NUMERIC_MONTH = re.compile(r"(?:(?P<number>\d{1,2})/(?P<year>\d{4})|(?P<iso_year>\d{4})-(?P<iso_number>\d{2}))")
_FINANCIAL_YEAR = re.compile(
    r"(?:fy |financial year )?(?P<start>\d{4}) ?(?:[/–-]| to ) ?(?P<end>\d{4}|\d{2})(?: financial year)?"
)
_QUARTER = re.compile(r"(?:q|quarter )(?P<quarter>[1-4]),? (?P<rest>.+)")
_QUARTER_LAST = re.compile(r"(?P<rest>.+?),? (?:q|quarter )(?P<quarter>[1-4])")
_CALENDAR_YEAR = re.compile(r"(?:in )?(?P<year>\d{4})")
_PREFIX = re.compile(r"^(?:by |before |until )?(?:the )?(?:end of |end )?(?:the )?")
_ONGOING = {"ongoing", "on-going", "on going", "continuous", "continuing", "rolling"}
_RECURRING = re.compile(
    r"\b(?:annual|annually|yearly|quarterly|monthly|weekly|termly|twice a year|every|each)\b", re.IGNORECASE
)
_APRIL = 4


def read_date(text: str) -> WrittenDate:
    """The meaning of a date as it was written. Raises UnreadableDate."""
    words = " ".join(text.split())
    if not words:
        raise UnreadableDate(_("Enter a date."))
    if len(words) > LONGEST:
        raise UnreadableDate(_("A date has at most %(n)d characters. Put explanations elsewhere.") % {"n": LONGEST})
    plain = _PREFIX.sub("", words.rstrip(".").lower(), count=1)
    if plain in _ONGOING:
        return WrittenDate(words, DateKind.ONGOING)
    if _RECURRING.search(plain):
        return WrittenDate(words, DateKind.RECURRING)
    for read in (_read_day, _read_quarter, _read_month, _read_financial_year, _read_calendar_year):
        if (period := read(plain)) is not None:
            kind, first, last = period
            return WrittenDate(words, kind, first, last)
    raise UnreadableDate(
        _(
            "“%(words)s” cannot be read as a date. Write it like 31 March 2026, March 2026, Q2 2026/27, 2026/27, 2026, "
            "ongoing or every March."
        )
        % {"words": words}
    )


_Period = tuple[DateKind, date, date]


def _read_day(text: str) -> _Period | None:
    match = _DAY.fullmatch(text) or _NUMERIC_DAY.fullmatch(text) or _ISO_DAY.fullmatch(text)
    if match is None:
        return None
    parts = match.groupdict()
    month = _month_number(parts["month"]) if "month" in parts else int(parts["number"])
    try:
        day = date(_full_year(parts["year"]), month, int(parts["day"]))
    except ValueError:
        raise UnreadableDate(
            _("There is no day “%(words)s”. The day comes before the month: 31/03/2026.") % {"words": text}
        ) from None
    return DateKind.DAY, day, day


def _read_month(text: str) -> _Period | None:
    if match := _MONTH_OF_YEAR.fullmatch(text):
        return _month(_full_year(match["year"]), _month_number(match["month"]), text)
    if match := _NUMERIC_MONTH.fullmatch(text):
        year, number = int(match["year"] or match["iso_year"]), int(match["number"] or match["iso_number"])
        if match["iso_year"] and (year + 1) % 100 == number:
            if number <= len(_MONTHS):
                raise UnreadableDate(
                    _("“%(words)s” can be a month or a financial year. Write December 2011 or 2011/12.")
                    % {"words": text}
                )
            return None  # 2026-27 is a financial year
        return _month(year, number, text)
    return None


def _read_quarter(text: str) -> _Period | None:
    match = _QUARTER.fullmatch(text) or _QUARTER_LAST.fullmatch(text)
    if match is None:
        return None
    year = _read_financial_year(match["rest"])
    if year is None:
        raise UnreadableDate(
            _("Say which financial year the quarter belongs to, as in Q%(n)s 2026/27. For a calendar year give months.")
            % {"n": match["quarter"]}
        )
    months = (int(match["quarter"]) - 1) * 3 + _APRIL
    start_year = year[1].year
    first = _first_of(start_year, months)
    last = _last_of(start_year, months + 2)
    return DateKind.QUARTER, first, last


def _read_financial_year(text: str) -> _Period | None:
    match = _FINANCIAL_YEAR.fullmatch(text)
    if match is None:
        return None
    start, end = int(match["start"]), match["end"]
    if int(end) != (start + 1 if len(end) > 2 else (start + 1) % 100):
        raise UnreadableDate(
            _("A financial year ends in the year after it begins, as in 2026/27. For a longer time give its last year.")
        )
    return DateKind.FINANCIAL_YEAR, date(start, _APRIL, 1), date(start + 1, 3, 31)


def _read_calendar_year(text: str) -> _Period | None:
    match = _CALENDAR_YEAR.fullmatch(text)
    if match is None:
        return None
    year = int(match["year"])
    if not date.min.year <= year < date.max.year:
        return None
    return DateKind.YEAR, date(year, 1, 1), date(year, 12, 31)


def _month(year: int, number: int, text: str) -> _Period:
    if not 1 <= number <= len(_MONTHS):
        raise UnreadableDate(_("There is no month “%(words)s”.") % {"words": text})
    return DateKind.MONTH, date(year, number, 1), date(year, number, monthrange(year, number)[1])


def _first_of(year: int, month: int) -> date:
    """The first day of a month, counted on beyond December."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _last_of(year: int, month: int) -> date:
    first = _first_of(year, month)
    return first.replace(day=monthrange(first.year, first.month)[1])


def _month_number(name: str) -> int:
    return next(number for number, full in enumerate(_MONTHS, 1) if full.startswith(name[:3]))


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.registers.dates import DateKind, UnreadableDate, read_date

DAY, MONTH, QUARTER, YEAR, FINANCIAL_YEAR = (
    DateKind.DAY,
    DateKind.MONTH,
    DateKind.QUARTER,
    DateKind.YEAR,
    DateKind.FINANCIAL_YEAR,
)


@pytest.mark.parametrize(
    ("text", "kind", "first", "last"),
    [
        ("31 March 2026", DAY, "2026-03-31", "2026-03-31"),
        ("Tuesday 31st March 2026", DAY, "2026-03-31", "2026-03-31"),
        ("31/03/2026", DAY, "2026-03-31", "2026-03-31"),
        ("1.4.26", DAY, "2026-04-01", "2026-04-01"),
        ("2026-03-31", DAY, "2026-03-31", "2026-03-31"),
        ("by 29 Feb 2028", DAY, "2028-02-29", "2028-02-29"),
        ("9 Sept 2026", DAY, "2026-09-09", "2026-09-09"),
        ("March 2026", MONTH, "2026-03-01", "2026-03-31"),
        ("By the end of February 2028.", MONTH, "2028-02-01", "2028-02-29"),
        ("Dec 26", MONTH, "2026-12-01", "2026-12-31"),
        ("03/2026", MONTH, "2026-03-01", "2026-03-31"),
        ("2026-03", MONTH, "2026-03-01", "2026-03-31"),
        ("2024-04", MONTH, "2024-04-01", "2024-04-30"),
        ("Q1 2026/27", QUARTER, "2026-04-01", "2026-06-30"),
        ("Q4 2026-27", QUARTER, "2027-01-01", "2027-03-31"),
        ("2026/27 Q3", QUARTER, "2026-10-01", "2026-12-31"),
        ("end of quarter 2, 2026/27", QUARTER, "2026-07-01", "2026-09-30"),
        ("2026/27", FINANCIAL_YEAR, "2026-04-01", "2027-03-31"),
        ("2026-27", FINANCIAL_YEAR, "2026-04-01", "2027-03-31"),
        ("financial year 2026 to 2027", FINANCIAL_YEAR, "2026-04-01", "2027-03-31"),
        ("1999/00", FINANCIAL_YEAR, "1999-04-01", "2000-03-31"),
        ("2027", YEAR, "2027-01-01", "2027-12-31"),
        ("by 2027", YEAR, "2027-01-01", "2027-12-31"),
    ],
)
def test_a_date_is_read_as_it_is_meant(text: str, kind: DateKind, first: str, last: str) -> None:
    read = read_date(text)
    assert (read.kind, str(read.first), str(read.last), read.words) == (kind, first, last, text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ongoing", DateKind.ONGOING),
        ("on-going.", DateKind.ONGOING),
        ("By end of March annually", DateKind.RECURRING),
        ("Every year", DateKind.RECURRING),
        ("quarterly", DateKind.RECURRING),
    ],
)
def test_what_goes_on_or_recurs_is_never_late(text: str, kind: DateKind) -> None:
    read = read_date(text)
    assert (read.kind, read.last) == (kind, None)
    assert not read.is_past(date(2999, 1, 1))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Enter a date."),
        ("03/31/2026", "The day comes before the month"),
        ("31 February 2026", "There is no day"),
        ("13/2026", "There is no month"),
        ("2011-12", "a month or a financial year"),
        ("2026/29", "ends in the year after it begins"),
        ("Q2 2026", "which financial year"),
        ("Spring 2026", "cannot be read as a date. Write it like 31 March 2026"),
        ("TBC", "cannot be read as a date"),
        ("0000", "cannot be read as a date"),
        ("1" * 200, "at most 100 characters"),
    ],
)
def test_a_date_that_cannot_be_read_says_how_to_write_it(text: str, message: str) -> None:
    with pytest.raises(UnreadableDate, match=message):
        read_date(text)


@given(
    st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["%d %B %Y", "%d/%m/%Y", "%Y-%m-%d", "%A %d %b %Y"])
)
def test_every_day_is_read_in_every_form(day: date, form: str) -> None:
    read = read_date(day.strftime(form))
    assert (read.first, read.last) == (day, day)
    assert read.is_past(day + timedelta(days=1))
    assert not read.is_past(day)


@given(st.text(max_size=120))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(UnreadableDate):
        assert read_date(text).words == " ".join(text.split())

from datetime import UTC, date, datetime, timedelta

import numpy
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from evenhand.clock.calculation import DueDate, StoppedClock, due_date, latest_day_before
from evenhand.clock.calendars import WorkingDays, days_between
from evenhand.clock.enums import Basis, Counting, Nation, PauseReason, Unit
from evenhand.clock.rules import Length, NoRuleForNation, Rule, statutory_rules

ENGLAND = WorkingDays()
WAITING = PauseReason.CLARIFICATION
PROMISED = {"basis": Basis.PROMISED}
DAYS = st.dates(date(2010, 1, 1), date(2040, 12, 31))


def rule(amount: int, unit: Unit, counting: Counting = Counting.AFTER, extension: Length | None = None) -> Rule:
    return Rule("test", "Test", "…", Length(amount, unit), counting, basis=Basis.PROMISED, extension=extension)


def due(
    event: str,
    amount: int,
    unit: Unit,
    counting: Counting = Counting.AFTER,
    *pauses: StoppedClock,
    working_days: WorkingDays = ENGLAND,
) -> date | None:
    return due_date(rule(amount, unit, counting), date.fromisoformat(event), working_days, pauses).due


@pytest.mark.parametrize(
    ("event", "days", "expected"),
    [("2025-12-22", 20, "2026-01-22"), ("2025-12-22", 10, "2026-01-08"), ("2025-12-12", 20, "2026-01-14")],
)
def test_working_days_in_england(event: str, days: int, expected: str) -> None:
    """Two other programs give these dates."""
    assert due(event, days, Unit.WORKING_DAYS) == date.fromisoformat(expected)


def test_a_pause_of_five_working_days_moves_the_deadline_by_five() -> None:
    pause = StoppedClock(date(2026, 1, 5), date(2026, 1, 10), WAITING)
    assert due("2025-12-22", 20, Unit.WORKING_DAYS, Counting.AFTER, pause) == date(2026, 1, 29)


@pytest.mark.parametrize(
    ("event", "amount", "unit", "counting", "expected"),
    [
        ("2025-12-31", 2, Unit.MONTHS, Counting.AFTER, "2026-02-28"),
        ("2024-02-29", 1, Unit.YEARS, Counting.AFTER, "2025-02-28"),
        ("2026-03-30", 1, Unit.YEARS, Counting.BEGINNING_WITH, "2027-03-29"),
        ("2026-03-31", 12, Unit.MONTHS, Counting.BEGINNING_WITH, "2027-03-30"),  # the pay gap of a snapshot date
        ("2024-02-29", 1, Unit.YEARS, Counting.BEGINNING_WITH, "2025-02-28"),
        ("2023-03-01", 1, Unit.YEARS, Counting.BEGINNING_WITH, "2024-02-29"),
        ("2026-01-01", 1, Unit.MONTHS, Counting.BEGINNING_WITH, "2026-01-31"),
        ("2026-05-04", 28, Unit.DAYS, Counting.CLEAR, "2026-06-02"),  # 28 days lie between
        ("2026-05-04", 28, Unit.DAYS, Counting.AFTER, "2026-06-01"),
        ("2026-05-04", 1, Unit.DAYS, Counting.BEGINNING_WITH, "2026-05-04"),
    ],
)
def test_other_periods(event: str, amount: int, unit: Unit, counting: Counting, expected: str) -> None:
    assert due(event, amount, unit, counting) == date.fromisoformat(expected)


def test_five_clear_working_days_before_a_meeting() -> None:
    """Thursday 28 May 2026: Monday 25 May is a holiday, so the five days are 19 to 22 May, 26 and 27 May less one."""
    before = latest_day_before(rule(5, Unit.WORKING_DAYS, Counting.CLEAR), date(2026, 5, 28), ENGLAND)
    assert before == date(2026, 5, 19)
    between = [day for day in days_between(before + timedelta(days=1), date(2026, 5, 27)) if day in ENGLAND]
    assert len(between) == 5


def test_the_law_on_information_requests_counts_bank_holidays_anywhere_in_the_united_kingdom() -> None:
    """2 January is a bank holiday in Scotland only (Freedom of Information Act 2000, section 10(6))."""
    law = statutory_rules()["information_request"]
    worked_out = due_date(law, date(2025, 12, 22), WorkingDays(law.calendar))
    assert worked_out.due == date(2026, 1, 23)
    assert [holiday.day for holiday in worked_out.holidays] == [
        date(2025, 12, 25),
        date(2025, 12, 26),
        date(2026, 1, 1),
        date(2026, 1, 2),
    ]


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 4, 28)),
        (datetime(2026, 3, 29, 23, 30, tzinfo=UTC), date(2026, 4, 30)),  # 00:30 on 30 March, in summer time
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), date(2026, 11, 25)),  # 00:30 on 25 October, still summer time
        (datetime(2026, 10, 25, 23, 30, tzinfo=UTC), date(2026, 11, 25)),
    ],
)
def test_the_day_of_an_event_is_the_day_in_britain(received: datetime, expected: date) -> None:
    assert due_date(statutory_rules()["data_request"], timezone.localdate(received), ENGLAND).due == expected


def test_an_extension_counts_from_the_event() -> None:
    law = statutory_rules()["data_request"]
    extended = due_date(law, date(2025, 12, 31), ENGLAND, extension=law.extension)
    assert (extended.first_due, extended.due) == (date(2026, 1, 31), date(2026, 3, 31))


def test_a_stopped_clock_has_no_deadline_until_it_runs_again() -> None:
    stopped = due_date(
        rule(1, Unit.MONTHS), date(2026, 1, 5), ENGLAND, [StoppedClock(date(2026, 1, 12), None, WAITING)]
    )
    assert (stopped.due, stopped.first_due, stopped.days_left(date(2026, 1, 20))) == (None, date(2026, 2, 5), None)


def test_a_pause_after_the_deadline_does_not_move_it() -> None:
    late = StoppedClock(date(2026, 2, 6), None, WAITING)
    assert due("2026-01-05", 1, Unit.MONTHS, Counting.AFTER, late) == date(2026, 2, 5)


def test_holidays_can_be_added_and_removed() -> None:
    christmas_eve = date(2025, 12, 24)
    assert due(
        "2025-12-22", 20, Unit.WORKING_DAYS, working_days=WorkingDays(added={christmas_eve: "Day of mourning"})
    ) == date(2026, 1, 23)
    assert due(
        "2025-12-22", 20, Unit.WORKING_DAYS, working_days=WorkingDays(removed=frozenset({date(2025, 12, 26)}))
    ) == date(2026, 1, 21)
    assert "Boxing Day" in WorkingDays().holidays(2025)[date(2025, 12, 26)]


def test_only_the_nations_of_a_rule_are_accepted() -> None:
    for law in statutory_rules().values():
        law.check_nation(Nation.ENGLAND)
        if not law.nations:  # the law is the same everywhere
            continue
        for nation in (Nation.WALES, Nation.SCOTLAND, Nation.NORTHERN_IRELAND):
            with pytest.raises(NoRuleForNation, match=str(nation.label)):
                law.check_nation(nation)


@pytest.mark.parametrize(
    "fault",
    [
        {"length": Length(0, Unit.DAYS)},
        {"length": Length(1, Unit.MONTHS), "counting": Counting.CLEAR},
        {"length": Length(1, Unit.MONTHS), "extension": Length(20, Unit.WORKING_DAYS)},
        {"basis": Basis.STATUTORY},
    ],
)
def test_a_rule_that_cannot_be_right_is_refused(fault: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="test"):
        Rule(**({"key": "test", "name": "", "starts": "", "length": Length(1, Unit.DAYS)} | PROMISED | fault))


@given(event=DAYS, amount=st.integers(1, 250))
def test_working_days_agree_with_numpy(event: date, amount: int) -> None:
    holidays = [day for year in range(event.year, event.year + 3) for day in ENGLAND.holidays(year)]
    # "backward" first, because an event at a weekend counts from the weekend's last working day
    expected = numpy.busday_offset(event, amount, roll="backward", holidays=holidays).astype(object)
    assert due_date(rule(amount, Unit.WORKING_DAYS), event, ENGLAND).due == expected


@given(
    event=DAYS, amount=st.integers(1, 60), unit=st.sampled_from(Unit), start=st.integers(0, 90), days=st.integers(1, 40)
)
def test_a_pause_never_brings_a_deadline_forward(event: date, amount: int, unit: Unit, start: int, days: int) -> None:
    begins = event + timedelta(days=start)
    pause = StoppedClock(begins, begins + timedelta(days=days), WAITING)
    without, paused = due_of(rule(amount, unit), event), due_of(rule(amount, unit), event, pause)
    assert without <= paused
    if unit is not Unit.WORKING_DAYS:
        assert (paused - without).days in ({0} if begins > without else {days, days - 1})
    assert not pause.covers(paused)


@given(day=DAYS, amount=st.integers(1, 40), unit=st.sampled_from([Unit.DAYS, Unit.WORKING_DAYS]))
def test_clear_days_are_the_same_forwards_and_backwards(day: date, amount: int, unit: Unit) -> None:
    clear = rule(amount, unit, Counting.CLEAR)
    meeting = due_of(clear, day)
    notice = latest_day_before(clear, meeting, ENGLAND)
    assert notice >= day
    between = list(days_between(notice + timedelta(days=1), meeting - timedelta(days=1)))
    assert sum(unit is Unit.DAYS or counted in ENGLAND for counted in between) == amount


def due_of(law: Rule, event: date, *pauses: StoppedClock) -> date:
    worked_out: DueDate = due_date(law, event, ENGLAND, pauses)
    assert worked_out.due is not None
    return worked_out.due

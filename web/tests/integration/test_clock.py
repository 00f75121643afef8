"""Deadlines on the site: bank holidays changed on the screen, and the clock of a request about personal data."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from evenhand.authorities.enums import Role
from evenhand.authorities.errors import NotPossible
from evenhand.authorities.models import Authority, User
from evenhand.clock.calculation import due_date
from evenhand.clock.enums import PauseReason
from evenhand.clock.models import Extension, HolidayChange, Pause
from evenhand.clock.queries import due_date_of, working_days
from evenhand.clock.rules import NoRuleForNation, statutory_rules
from evenhand.ledger.models import Entry
from evenhand.privacy import actions as privacy
from evenhand.privacy.enums import Outcome, RequestKind
from evenhand.privacy.models import Request
from support.authorities import calderdale_with_staff
from support.people_actions import somebody
from support.staff_pages import client_for, main_text

LAW = statutory_rules()["information_request"]
RECEIVED = date(2025, 12, 22)


@pytest.fixture
def authority(db: None) -> Authority:
    return calderdale_with_staff()


@pytest.fixture
def admin(authority: Authority) -> User:
    return somebody(Role.ADMINISTRATOR, at=authority)


@pytest.fixture
def browser(admin: User) -> Client:
    return client_for(admin)


@pytest.fixture
def data_request(authority: Authority, admin: User) -> Request:
    today = timezone.localdate()
    return privacy.receive(authority, by=admin, person=somebody(), kind=RequestKind.ACCESS, received_on=today)


def test_a_bank_holiday_is_added_on_the_screen_and_moves_a_deadline(authority: Authority, browser: Client) -> None:
    page = f"/work/{authority.slug}/holidays/"
    assert due_date_of(LAW, RECEIVED, authority).due == date(2026, 1, 23)
    shown = main_text(browser.post(f"{page}add/", {"day": "2026-01-12", "name": "State funeral"}, follow=True))
    assert "Bank holiday added" in shown
    assert "Monday 12 January 2026 State funeral Added here" in main_text(browser.get(f"{page}?year=2026"))
    worked_out = due_date_of(LAW, RECEIVED, authority)
    assert worked_out.due == date(2026, 1, 26)
    assert "State funeral" in [holiday.name for holiday in worked_out.holidays]
    browser.post(f"{page}2026-01-12/remove/")
    assert due_date_of(LAW, RECEIVED, authority).due == date(2026, 1, 23)
    assert not HolidayChange.objects.exists()


def test_a_bank_holiday_of_the_calendar_is_removed_and_put_back(authority: Authority, browser: Client) -> None:
    page = f"/work/{authority.slug}/holidays/"
    shown = main_text(browser.post(f"{page}2026-12-25/remove/", follow=True))
    assert "This day is now a working day." in shown
    assert "Friday 25 December 2026: Christmas Day" in shown
    assert date(2026, 12, 25) in working_days(authority)
    shown = main_text(browser.post(f"{page}2026-12-25/restore/", follow=True))
    assert "This day is a bank holiday again." in shown
    assert date(2026, 12, 25) not in working_days(authority)
    again = main_text(browser.post(f"{page}2026-12-25/restore/", follow=True))
    assert "This day has not been removed." in again
    actions = Entry.objects.filter(authority_id=authority.id, action__startswith="clock.").order_by("position")
    assert list(actions.values_list("action", flat=True)) == ["clock.remove_holiday", "clock.restore_holiday"]


@pytest.mark.parametrize(
    ("day", "name", "message"),
    [
        ("2026-12-25", "Yule", "This day is already a bank holiday: Christmas Day."),
        ("2026-12-27", "Sunday", "This day is at a weekend"),
        ("2026-02-30", "Never", "Enter a valid date."),
        ("2026-07-01", " ", "This field is required."),
    ],
)
def test_a_holiday_that_cannot_be_is_refused(
    authority: Authority, browser: Client, day: str, name: str, message: str
) -> None:
    response = browser.post(f"/work/{authority.slug}/holidays/add/", {"day": day, "name": name})
    assert message in main_text(response)
    assert not HolidayChange.objects.exists()


@pytest.mark.parametrize("day", ["2026-13-45/remove/", "2026-02-30/restore/", "tomorrow/remove/"])
def test_an_address_that_holds_no_date_is_not_found(authority: Authority, browser: Client, day: str) -> None:
    assert browser.post(f"/work/{authority.slug}/holidays/{day}").status_code == 404


@pytest.mark.parametrize("year", ["", "2027", "1", "99999", "twenty", "٢٠٢٦"])
def test_any_year_in_the_address_gives_a_page(authority: Authority, browser: Client, year: str) -> None:
    shown = main_text(browser.get(f"/work/{authority.slug}/holidays/", {"year": year}))
    assert f"Bank holidays in England in {2027 if year == '2027' else timezone.localdate().year}" in shown


def test_holidays_of_one_authority_are_not_those_of_another(
    authority: Authority, browser: Client, other: Authority
) -> None:
    browser.post(f"/work/{authority.slug}/holidays/add/", {"day": "2026-01-12", "name": "State funeral"})
    assert due_date_of(LAW, RECEIVED, other).due == date(2026, 1, 23)


@pytest.fixture
def other(db: None) -> Authority:
    return Authority.objects.get(slug="liverpool-city-council")


def test_a_rule_of_another_nation_is_refused(authority: Authority) -> None:
    authority.area_code = "W06000015"
    with pytest.raises(NoRuleForNation, match="“Request for information” in Wales"):
        due_date_of(LAW, RECEIVED, authority)
    authority.area_code = "K02000001"
    with pytest.raises(NoRuleForNation, match="more than one nation"):
        due_date_of(LAW, RECEIVED, authority)
    assert due_date_of(statutory_rules()["data_request"], RECEIVED, authority).due == date(2026, 1, 22)


def test_the_clock_of_a_request_is_stopped_restarted_and_extended(
    authority: Authority, admin: User, browser: Client, data_request: Request
) -> None:
    page = f"/work/{authority.slug}/requests/{data_request.id}/"
    assert "Clock stopped" in main_text(browser.post(f"{page}stop/", {"reason": "identity"}, follow=True))
    data_request.refresh_from_db()
    assert data_request.due_on is None
    assert "Clock stopped" in main_text(browser.get(f"/work/{authority.slug}/requests/"))
    assert "Restart the clock" in main_text(browser.get(page))
    _date_back(days=4)
    assert "Clock restarted" in main_text(browser.post(f"{page}restart/", follow=True))
    data_request.refresh_from_db()
    rule = statutory_rules()["data_request"]
    without = due_date(rule, data_request.received_on, working_days(authority)).due
    assert without is not None
    assert data_request.due_on == without + timedelta(days=3)  # the day of receipt never counts
    assert "waiting for proof of who the person is" in main_text(browser.get(page))
    extended = main_text(browser.post(f"{page}extend/", {"reason": "four requests"}, follow=True))
    assert "Extended by 2 months." in extended
    data_request.refresh_from_db()
    expected = due_date(rule, data_request.received_on, working_days(authority), (), rule.extension).due
    assert expected is not None
    assert data_request.due_on == expected + timedelta(days=3)


def _date_back(days: int) -> None:
    """As if the request had been received and the clock stopped so many days ago."""
    earlier = timezone.localdate() - timedelta(days=days)
    Pause.objects.update(begins=earlier)
    Request.objects.update(received_on=earlier)


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        (("restart",), "The clock is not stopped."),
        (("stop", "stop"), "The clock is already stopped."),
        (("extend", "extend"), "already been extended"),
        (("close", "stop"), "already been answered"),
        (("close", "close"), "already been answered"),
    ],
)
def test_a_step_that_is_not_possible_says_why(
    admin: User, data_request: Request, steps: tuple[str, ...], message: str
) -> None:
    take: dict[str, Callable[[], object]] = {
        "stop": lambda: privacy.stop_clock(data_request, by=admin, reason=PauseReason.IDENTITY),
        "restart": lambda: privacy.restart_clock(data_request, by=admin),
        "extend": lambda: privacy.extend(data_request, by=admin, reason="complex"),
        "close": lambda: privacy.close(data_request, by=admin, outcome=Outcome.DONE, answer=""),
    }
    for step in steps[:-1]:
        take[step]()
    with pytest.raises(NotPossible, match=message):
        take[steps[-1]]()


def test_a_passed_deadline_is_not_moved(admin: User, data_request: Request) -> None:
    Request.objects.update(received_on=timezone.localdate() - timedelta(days=60))
    for step in (
        lambda: privacy.stop_clock(data_request, by=admin, reason=PauseReason.IDENTITY),
        lambda: privacy.extend(data_request, by=admin, reason="complex"),
    ):
        with pytest.raises(NotPossible, match="has already passed"):
            step()


def test_only_the_reasons_of_the_rule_stop_its_clock(admin: User, data_request: Request) -> None:
    with pytest.raises(NotPossible, match="cannot be stopped for that reason"):
        privacy.stop_clock(data_request, by=admin, reason=PauseReason.FEE)


@pytest.mark.both_databases
def test_the_database_keeps_one_open_pause_and_one_extension(data_request: Request, authority: Authority) -> None:
    today = timezone.localdate()
    values = {"authority": authority, "subject_kind": "request", "subject_id": data_request.id}
    Pause.objects.create(**values, begins=today, reason="identity")
    Extension.objects.create(**values, amount=2, unit="months", extended_on=today)
    for create in (
        lambda: Pause.objects.create(**values, begins=today, reason="fee"),
        lambda: Pause.objects.create(**values, begins=today, ends=today - timedelta(days=1), reason="fee"),
        lambda: Extension.objects.create(**values, amount=2, unit="months", extended_on=today),
    ):
        _is_refused(create)


def _is_refused(create: Callable[[], object]) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        create()
    assert connection.is_usable()

"""The bank holidays that an authority's deadlines are worked out with."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from evenhand.authorities.access import person_of, staff_of
from evenhand.authorities.errors import NotPossible
from evenhand.authorities.models import Authority
from evenhand.authorities.permissions import MANAGE_AUTHORITY, may
from evenhand.authorities.views.form_view import StaffFormView
from evenhand.clock import actions
from evenhand.clock.forms import HolidayForm
from evenhand.clock.models import HolidayChange
from evenhand.clock.queries import working_days

YEARS_AROUND = 5


@staff_of()
@require_safe
def holidays(request: HttpRequest, authority: Authority) -> HttpResponse:
    this_year = timezone.localdate().year
    year = _year(request.GET.get("year", ""), this_year)
    changes = list(HolidayChange.objects.filter(authority=authority, day__year=year))
    context = {
        "authority": authority,
        "year": year,
        "years": range(this_year - 1, this_year + 3),
        "holidays": working_days(authority).holidays(year).items(),
        "added": {change.day for change in changes if change.is_holiday},
        "removed": [change for change in changes if not change.is_holiday],
        "administers": may(person_of(request), MANAGE_AUTHORITY, authority).allowed and not authority.is_closed,
    }
    return render(request, "clock/holidays.html", context)


class AddHolidayView(StaffFormView):
    permission = MANAGE_AUTHORITY
    form_class = HolidayForm
    title = _("Add a bank holiday")
    introduction = (_("A bank holiday is not a working day."),)
    submit_label = _("Add bank holiday")
    success_message = _("Bank holiday added")
    parent_title = _("Bank holidays")
    parent_url_name = "clock:holidays"

    def save(self, cleaned_data: dict[str, Any]) -> None:
        actions.add_holiday(self.authority, by=self.person, **cleaned_data)


@staff_of(MANAGE_AUTHORITY)
@require_POST
def remove_holiday(request: HttpRequest, authority: Authority, day: date) -> HttpResponse:
    return _change(request, authority, day, actions.remove_holiday, gettext("This day is now a working day."))


@staff_of(MANAGE_AUTHORITY)
@require_POST
def restore_holiday(request: HttpRequest, authority: Authority, day: date) -> HttpResponse:
    return _change(request, authority, day, actions.restore_holiday, gettext("This day is a bank holiday again."))


def _change(
    request: HttpRequest, authority: Authority, day: date, action: Callable[..., object], done: str
) -> HttpResponse:
    try:
        action(authority, by=person_of(request), day=day)
    except NotPossible as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, done)
    response = redirect("clock:holidays", authority=authority.slug)
    response["Location"] += f"?year={day.year}"
    return response


def _year(text: str, this_year: int) -> int:
    """The year asked for; this year if it is none or too far away."""
    if text.isascii() and text.isdecimal() and abs(int(text[:4]) - this_year) <= YEARS_AROUND:
        return int(text[:4])
    return this_year

from datetime import date

from django.urls import path, register_converter

from evenhand.clock.views import holidays


class DateConverter:
    """A date in an address: 2026-12-25. What only looks like one is not found."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DateConverter, "date")
app_name = "clock"
HOLIDAYS = "<slug:authority>/holidays/"

urlpatterns = [
    path(HOLIDAYS, holidays.holidays, name="holidays"),
    path(f"{HOLIDAYS}add/", holidays.AddHolidayView.as_view(), name="holiday_add"),
    path(f"{HOLIDAYS}<date:day>/remove/", holidays.remove_holiday, name="holiday_remove"),
    path(f"{HOLIDAYS}<date:day>/restore/", holidays.restore_holiday, name="holiday_restore"),
]

"""Field values as people read them."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evenhand.registers.models import Record

NOTHING = "–"


def shown(value: Any) -> str:
    """A value in British form; a dash where there is none."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y, H:i")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if isinstance(value, list | tuple):
        return ", ".join(map(shown, value)) or NOTHING
    return str(value)


def shown_field(record: Record, name: str) -> str:
    display = getattr(record, f"get_{name}_display", None)
    return shown(display() if display else getattr(record, name))

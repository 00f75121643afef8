"""Field values as people read them."""

from datetime import date, datetime
from typing import Any

from django.db.models import Field, ForeignKey
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evenhand.registers.models import Record
from evenhand.registers.register import Register

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


def shown_plain(register: Register, name: str, value: Any) -> str:
    """A value of the history: choices by their label, other records by their name where they still exist."""
    if value is None or value == "":
        return NOTHING
    if name == "state" and register.states is not None:
        return next((str(state.label) for state in register.states.states if state.name == value), str(value))
    field = register.model._meta.get_field(name)
    if isinstance(field, ForeignKey):
        other = field.related_model._default_manager.filter(pk=value).first()
        return str(other) if other is not None else _("no longer there")
    if isinstance(field, Field) and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return shown(value)

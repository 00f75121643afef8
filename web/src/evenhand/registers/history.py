"""What each version of a record changed, and how that is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Field
from django.utils.translation import gettext as _

from evenhand.modules.declarations import Text
from evenhand.registers.display import NOTHING, shown
from evenhand.registers.models import Record, RecordVersion
from evenhand.registers.register import Register


@dataclass(frozen=True)
class ChangedField:
    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class VersionChange:
    """One version of a record and what it changed. The first version changed nothing: it is the record as added."""

    version: RecordVersion
    fields: tuple[ChangedField, ...]


def history(record: Record) -> list[VersionChange]:
    """The versions of a record, the newest first."""
    versions = list(RecordVersion.objects.filter(record_id=record.id).select_related("saved_by").order_by("version"))
    changes = []
    for earlier, later in zip([None, *versions], versions, strict=False):
        before = earlier.values if earlier else {}
        fields = tuple(
            ChangedField(name, before.get(name), value)
            for name, value in later.values.items()
            if earlier and before.get(name) != value
        )
        changes.append(VersionChange(later, fields))
    return changes[::-1]


@dataclass(frozen=True)
class ShownVersion:
    version: RecordVersion
    fields: tuple[tuple[Text, str, str], ...]  # label, before, after


def shown_history(register: Register, record: Record) -> list[ShownVersion]:
    """The versions of a record in words, the newest first. One query for each field that refers to other records."""
    changes = history(record)
    names = _names_of_references(register, changes)
    return [
        ShownVersion(
            change.version,
            tuple(
                (
                    _("State") if field.name == "state" else register.label(field.name),
                    _shown_plain(register, field.name, field.before, names),
                    _shown_plain(register, field.name, field.after, names),
                )
                for field in change.fields
            ),
        )
        for change in changes
    ]


def _names_of_references(register: Register, changes: Sequence[VersionChange]) -> dict[str, dict[str, str]]:
    """The names of the other records that the changes are about, by field and id."""
    ids: dict[str, set[str]] = {name: set() for name in register.references}
    for change in changes:
        for field in change.fields:
            if field.name in ids:
                ids[field.name] |= {value for value in (field.before, field.after) if value}
    return {
        name: {str(other.pk): str(other) for other in register.references[name]._default_manager.filter(pk__in=wanted)}
        for name, wanted in ids.items()
        if wanted
    }


def _shown_plain(register: Register, name: str, value: Any, names: Mapping[str, Mapping[str, str]]) -> str:
    """A value of the history: choices by their label, other records by their name where they still exist."""
    if value is None or value == "":
        return NOTHING
    if name in names:
        return names[name].get(value, _("no longer there"))
    if name == "state" and register.states is not None:
        return next((str(state.label) for state in register.states.states if state.name == value), str(value))
    field = register.model._meta.get_field(name)
    if isinstance(field, Field) and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return shown(value)

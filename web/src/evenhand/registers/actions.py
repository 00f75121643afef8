"""Every write to a register: it checks the permission, locks, compares versions, writes and records.

Two people can edit the same record at the same time. The change of the second is merged with that of the first if they
changed different fields, and is an `EditConflict` if they changed the same one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from evenhand.authorities.errors import NotPossible
from evenhand.authorities.memberships import lock
from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import may
from evenhand.ledger.actions import Subject, recording
from evenhand.registers.errors import ConflictingField, EditConflict
from evenhand.registers.models import Numbered, Record, RecordVersion, StagedSheet
from evenhand.registers.register import Register
from evenhand.registers.states import Transition
from evenhand.registers.values import plain, plain_values, typed


@dataclass(frozen=True)
class ImportedSheet:
    added: int
    changed: int


def add(register: Register, authority: Authority, *, by: User, values: Mapping[str, Any]) -> Record:
    may(by, register.edit, authority).require()
    return _add(register, authority, by, values)


def import_sheet(register: Register, staged: StagedSheet, *, by: User) -> ImportedSheet:
    """Write everything that a checked sheet says, or nothing. The sheet is then no longer kept."""
    may(by, register.edit, staged.authority).require()
    subject = Subject("sheet", staged.id, staged.authority.id)
    with recording("registers.import_sheet", by=by, on=subject) as recorded:
        if StagedSheet.objects.select_for_update().filter(id=staged.id).first() is None:
            raise NotPossible(_("This sheet has been imported already."))
        added = changed = 0
        for row in staged.rows:
            values = {name: typed(register.model, name, value) for name, value in row["values"].items()}
            try:
                if row["record_id"]:
                    record = register.records_of(staged.authority).get(id=row["record_id"])
                    record = change(register, record, by=by, version=row["version"], values=values)
                    _take_steps(register, record, by, row["state"], staged.file_name)
                    changed += 1
                else:
                    _add(register, staged.authority, by, values, row["state"])
                    added += 1
            except EditConflict as conflict:
                raise NotPossible(
                    _("Row %(row)d: somebody changed this record after you uploaded the sheet. Upload it again.")
                    % {"row": row["row"]}
                ) from conflict
            except ValidationError as invalid:
                raise NotPossible(
                    _("Row %(row)d: %(message)s Nothing was imported.")
                    % {"row": row["row"], "message": " ".join(invalid.messages)}
                ) from invalid
        recorded.after = {"register": register.key, "added": added, "changed": changed}
        staged.delete()
    return ImportedSheet(added, changed)


def _take_steps(register: Register, record: Any, by: User, state: str, file_name: str) -> None:
    """From the record's state to the one that the sheet gives, if it gives one."""
    if not state or register.states is None:
        return
    reason = _("From the sheet “%(name)s”") % {"name": file_name}
    for step in register.states.path(record.state, state) or ():
        record = move(register, record, by=by, version=record.version, transition=step.name, reason=reason)


def _add(register: Register, authority: Authority, by: User, values: Mapping[str, Any], state: str = "") -> Record:
    with recording("registers.add", by=by) as change:
        authority = lock(authority)
        _check_open(authority)
        _check_choices(register, authority, values)
        record = register.model(authority=authority, **values)
        if register.states is not None:
            record.state = state or register.states.first  # type: ignore[attr-defined]
        if isinstance(record, Numbered):
            record.number = _next_number(register, authority)
        _save(register, record, by)
        change.subject = _subject(register, record)
        change.after = plain_values(record, _written(register))
    return record


def change(register: Register, record: Record, *, by: User, version: int, values: Mapping[str, Any]) -> Record:
    """Change fields of the record, of which the person saw `version`. No effect if nothing differs."""
    may(by, register.edit, record.authority).require()
    with transaction.atomic():
        current: Record = _lock(register, record)
        values = _merge(register, current, version, values)
        names = [name for name, value in values.items() if _differs(current, name, value)]
        if not names:
            return current
        with recording("registers.change", by=by, on=_subject(register, current)) as recorded:
            _check_choices(register, current.authority, {name: values[name] for name in names})
            recorded.before = plain_values(current, names)
            for name in names:
                setattr(current, name, values[name])
            _save(register, current, by, is_new=False)
            recorded.after = plain_values(current, names)
    return current


def move(register: Register, record: Record, *, by: User, version: int, transition: str, reason: str = "") -> Record:
    """Take the record into another state. If it was changed since the person saw it, they look at it first."""
    assert register.states is not None
    step = register.states.transition(transition)
    if step is None:
        raise NotPossible(_("There is no such step."))
    may(by, step.permission, record.authority).require()
    with recording("registers.move", by=by, on=_subject(register, record), reason=reason) as recorded:
        current: Any = _lock(register, record)
        _check_step(register, current, step, version, reason)
        recorded.before = plain_values(current, ["state"])
        current.state = step.target
        _save(register, current, by, is_new=False)
        recorded.after = plain_values(current, ["state"])
    return cast(Record, current)


def _subject(register: Register, record: Record) -> Subject:
    return Subject(register.key, record.id, record.authority.id)


def _written(register: Register) -> list[str]:
    numbered = ["number"] if register.has_numbers else []
    return [*numbered, *register.fields, *(["state"] if register.states else [])]


def _lock(register: Register, record: Record) -> Any:
    current = register.model._default_manager.select_for_update().get(id=record.id)
    _check_open(current.authority)
    return current


def _check_open(authority: Authority) -> None:
    if authority.is_closed:
        raise NotPossible(
            _("%(authority)s closed on %(day)s. Its records stay as they are.")
            % {"authority": authority, "day": authority.closing_day}
        )


def _check_choices(register: Register, authority: Authority, values: Mapping[str, Any]) -> None:
    """Forms and sheets offer only what may be chosen; an action does not rely on them."""
    for name, value in values.items():
        if isinstance(value, Model) and not register.choices_of(name, authority).filter(pk=value.pk).exists():
            raise ValidationError({name: _("“%(value)s” cannot be chosen here.") % {"value": value}})


def _check_step(register: Register, current: Any, step: Transition, version: int, reason: str) -> None:
    assert register.states is not None
    if current.state not in step.sources:
        label = register.states[current.state].label
        raise NotPossible(_("This is not possible any more: the state is now “%(state)s”.") % {"state": label})
    if current.version != version:
        raise NotPossible(_("Somebody changed this record after you opened it. Look at it again before you go on."))
    if step.needs_reason and not reason.strip():
        raise NotPossible(_("Enter the reason."))


def _merge(register: Register, current: Any, version: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values to save. Where the person left a field as they saw it, what stands now is kept."""
    if current.version == version:
        return dict(values)
    seen = _values_at(current, version)
    merged, conflicts = {}, []
    for name, value in values.items():
        if name in seen and plain(register.model, name, value) == seen[name]:
            merged[name] = getattr(current, name)
            continue
        merged[name] = value
        stands = plain_values(current, [name])[name]
        was_changed = name not in seen or stands != seen[name]
        if was_changed and _differs(current, name, value):
            conflicts.append(ConflictingField(name, value, getattr(current, name)))
    if conflicts:
        message = _("Somebody else changed this record after you opened it. Nothing has been saved yet.")
        raise EditConflict(message, current.version, conflicts, merged)
    return merged


def _values_at(current: Any, version: int) -> Mapping[str, Any]:
    kept = RecordVersion.objects.filter(record_id=current.id, version=version).first()
    return {} if kept is None else kept.values


def _differs(record: Record, name: str, value: Any) -> bool:
    return bool(plain(type(record), name, value) != plain_values(record, [name])[name])


def _next_number(register: Register, authority: Authority) -> int:
    """One more than the highest that was ever given. The authority is locked, and records are not deleted."""
    numbered: Any = register.model._default_manager
    highest: int | None = numbered.filter(authority=authority).aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1


def _save(register: Register, record: Any, by: User, *, is_new: bool = True) -> None:
    if not is_new:
        record.version += 1
    record.full_clean()
    record.save(force_insert=is_new)
    RecordVersion.objects.create(
        authority_id=record.authority_id,
        register=register.key,
        record_id=record.id,
        version=record.version,
        values=plain_values(record, register.public_fields),
        saved_at=timezone.now(),
        saved_by=by,
    )

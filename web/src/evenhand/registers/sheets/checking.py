"""Checks each row of a sheet and compares it with the records that there are."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from evenhand.authorities.models import Authority
from evenhand.registers.display import shown
from evenhand.registers.register import Register
from evenhand.registers.sheets.columns import REFERENCE, STATE, SheetColumn, UnknownText
from evenhand.registers.sheets.matching import ColumnMatch, match_columns
from evenhand.registers.sheets.reading import Row, Sheet, UnreadableSheet
from evenhand.registers.states import States
from evenhand.registers.values import plain, plain_values


@dataclass(frozen=True)
class SheetProblem:
    cell: str  # B7
    message: str


@dataclass(frozen=True)
class RowChange:
    """What importing one row would do. `record_id` is empty for a new record."""

    row: int
    name: str
    values: dict[str, Any]  # plain, for storing
    record_id: str = ""
    version: int = 0
    state: str = ""
    differences: tuple[tuple[str, str, str], ...] = ()  # label, before, after


@dataclass(frozen=True)
class SheetCheck:
    """What importing the sheet would do, or what must be corrected first."""

    match: ColumnMatch
    new: tuple[RowChange, ...]
    changed: tuple[RowChange, ...]
    unchanged: int
    problems: tuple[SheetProblem, ...]


def check_sheet(register: Register, authority: Authority, sheet: Sheet) -> SheetCheck:
    """Nothing is written. Raises UnreadableSheet if no heading is recognised."""
    match = match_columns(sheet.rows, register.sheet_columns)
    if match is None:
        known = ", ".join(str(column.label) for column in register.sheet_columns)
        raise UnreadableSheet(
            _("No row of the file has headings that we know. Name the columns like this: %(known)s.") % {"known": known}
        )
    changes: list[RowChange] = []
    problems: list[SheetProblem] = []
    reader = _RowReader(register, authority, match)
    rows = [row for row in sheet.rows if row.number > match.row.number]
    counts = Counter(reference for row in rows if (reference := reader.identity(row)[1]))
    for row in rows:
        position, reference = reader.identity(row)
        if reference and counts[reference] > 1:
            message = _("“%(reference)s” is in more than one row. Each record can be there once.")
            problems.append(SheetProblem(row.address(position), message % {"reference": reference}))
            continue
        change, problems_of_row = reader.read(row)
        problems += problems_of_row
        changes += [change] if change is not None else []
    new = tuple(change for change in changes if not change.record_id)
    changed = tuple(change for change in changes if change.record_id and change.differences)
    return SheetCheck(match, new, changed, len(changes) - len(new) - len(changed), tuple(problems))


class _RowReader:
    def __init__(self, register: Register, authority: Authority, match: ColumnMatch) -> None:
        self._register, self._authority, self._match = register, authority, match
        records = register.records_of(authority)
        self._by_reference = {record.reference.upper(): record for record in records} if register.has_numbers else {}
        key = register.sheet_key
        self._by_key = {str(getattr(record, key)).upper(): record for record in records} if key else {}
        self._by_key.pop("", None)

    def identity(self, row: Row) -> tuple[int, str]:
        """The position and the text of the cell that says which record the row is about; empty if none does."""
        position, reference = self._cell(row, REFERENCE)
        return (position, reference) if reference else self._cell(row, self._register.sheet_key)

    def _cell(self, row: Row, name: str) -> tuple[int, str]:
        for position, column, text in self._cells(row):
            if column.field == name:
                return position, text.upper()
        return 0, ""

    def _record(self, row: Row) -> Any:
        """The record that the row is about; None for a new one. Raises UnknownText if its reference does not exist."""
        reference = self._cell(row, REFERENCE)[1]
        if not reference:
            return self._by_key.get(self._cell(row, self._register.sheet_key)[1])
        if reference not in self._by_reference:
            message = _("There is no “%(reference)s” here. Leave the cell empty to add a new record.")
            raise UnknownText(message % {"reference": reference})
        return self._by_reference[reference]

    def read(self, row: Row) -> tuple[RowChange | None, list[SheetProblem]]:
        problems: list[SheetProblem] = []
        values: dict[str, Any] = {}
        positions: dict[str, int] = {}
        state = ""
        for position, column, text in self._cells(row):
            positions[column.field] = position
            if column.field == REFERENCE:
                continue
            if column.field == STATE:
                state = text
                continue
            try:
                values[column.field] = column.read(self._authority, text) if column.read else text
            except UnknownText as error:
                problems.append(SheetProblem(row.address(position), str(error)))
        record = None
        try:
            record = self._record(row)
        except UnknownText as error:
            problems.append(SheetProblem(row.address(positions[REFERENCE]), str(error)))
        if problems:
            return None, problems
        problems += [
            SheetProblem(row.address(positions[name]) if name in positions else f"{row.number}", message)
            for name, message in self._invalid(record, values)
        ]
        new_state = self._state(state) if state else ""
        if state and not new_state:
            problems.append(SheetProblem(row.address(positions[STATE]), self._unknown_state(state)))
        elif record is not None and new_state and self._states.path(record.state, new_state) is None:
            problems.append(SheetProblem(row.address(positions[STATE]), self._no_way(record.state, new_state)))
        if problems:
            return None, problems
        return self._change(row, record, values, new_state), []

    def _cells(self, row: Row) -> Iterator[tuple[int, SheetColumn, str]]:
        for position, column in enumerate(self._match.columns):
            if column is not None:
                yield position, column, row.cells[position] if position < len(row.cells) else ""

    def _invalid(self, record: Any, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """What the model itself refuses."""
        model = self._register.model
        candidate = model(authority=self._authority)
        for name in self._register.fields:
            present = values.get(name, getattr(record, name) if record is not None else None)
            if present is not None:
                setattr(candidate, name, present)
        not_checked = {"id", "authority", "number", "state", "version"}
        try:
            candidate.clean_fields(exclude=not_checked)
            candidate.clean()
        except ValidationError as invalid:
            for name, messages in invalid.message_dict.items():
                yield name, " ".join(messages)

    @property
    def _states(self) -> States:
        assert self._register.states is not None
        return self._register.states

    def _state(self, text: str) -> str:
        wanted = text.split(",")[0].strip().lower()
        for state in self._states.states:
            if wanted in {state.name, str(state.label).lower(), *self._register.state_words.get(state.name, ())}:
                return state.name
        return ""

    def _no_way(self, source: str, target: str) -> str:
        labels = {"source": self._states[source].label, "target": self._states[target].label}
        return _("The state is “%(source)s”, and cannot become “%(target)s”. Leave the cell empty.") % labels

    def _unknown_state(self, text: str) -> str:
        known = ", ".join(str(state.label) for state in self._states.states)
        return _("“%(text)s” is not a state. Use one of: %(known)s.") % {"text": text, "known": known}

    def _change(self, row: Row, record: Any, values: dict[str, Any], state: str) -> RowChange:
        model = self._register.model
        plain_new = {name: plain(model, name, value) for name, value in values.items()}
        name = str(values.get(self._register.sheet_name_field, "")) or (str(record) if record else "")
        if record is None:
            return RowChange(row.number, name, plain_new, state=state)
        stands = plain_values(record, plain_new)
        differences = tuple(
            (str(self._register.label(name)), shown(getattr(record, name)), shown(values[name]))
            for name in plain_new
            if plain_new[name] != stands[name] and not (plain_new[name] in ("", None) and stands[name] in ("", None))
        )
        if state and state != record.state:
            before, after = self._states[record.state].label, self._states[state].label
            differences = (*differences, (_("State"), str(before), str(after)))
        return RowChange(row.number, str(record), plain_new, str(record.id), record.version, state, differences)

"""The open-data layout in which councils publish workforce counts: a row for each organisation and year.

The layout has no total for each characteristic: `employees` is the total of all of them. A blank is nobody, not
asked, or hidden by the council; where the groups of a characteristic fall short of the total, what is left is kept
as a cell of its own, hidden at source. Columns that this version measures nothing from are checked and set aside.
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from evenhand.evidence.enums import NOT_SHOWN_AT_SOURCE, Origin
from evenhand.evidence.intake.council_columns import (
    COLUMNS,
    ETHNICITY_PARTS,
    KNOWN_COLUMNS,
    NOT_KNOWN,
    REQUIRED_COLUMNS,
    SELDOM_ASKED,
    SET_ASIDE_PREFIXES,
    TEXT_COLUMNS,
)
from evenhand.evidence.intake.csv_text import Row, read_rows
from evenhand.evidence.intake.faults import Fault, FileRefused

LARGEST_COUNT = 10_000_000


@dataclass(frozen=True)
class CategoryCount:
    characteristic: str
    category: str
    count: int | None
    origin: Origin


@dataclass(frozen=True)
class WorkforceRow:
    """One organisation in one year, checked."""

    row: int
    organisation: str
    period: str
    year: int
    total: int
    counts: tuple[CategoryCount, ...]
    set_aside: tuple[str, ...]


def read_workforce(data: bytes, name: str) -> tuple[WorkforceRow, ...]:
    """Every row of the file, or FileRefused with everything that is wrong with it."""
    headings, rows = read_rows(data, name)
    faults = list(_column_faults(headings))
    taken: list[WorkforceRow] = []
    for row in rows:
        reader = _RowReader(row)
        result = reader.read()
        faults += reader.faults
        if result is not None:
            taken.append(result)
    faults += _repeated_years(taken)
    if faults:
        raise FileRefused(name, tuple(faults))
    return tuple(taken)


def _column_faults(headings: tuple[str, ...]) -> Iterator[Fault]:
    for column in REQUIRED_COLUMNS:
        if column not in headings:
            yield Fault(f"The column “{column}” is missing.", "Add it: the layout needs it in every file.", row=1)
    for heading in headings:
        if heading not in KNOWN_COLUMNS:
            near = difflib.get_close_matches(heading, KNOWN_COLUMNS, n=1)
            hint = f"Did you mean “{near[0]}”?" if near else "Remove the column."
            prefix = heading.split("_")[0]
            what = (
                f"“{heading}” is not a category of this layout."
                if prefix in COLUMNS
                else f"“{heading}” is not a column of this layout."
            )
            yield Fault(what, hint, row=1, column=heading)


def _repeated_years(rows: list[WorkforceRow]) -> Iterator[Fault]:
    seen: dict[tuple[str, int], int] = {}
    for row in rows:
        first = seen.setdefault((row.organisation, row.year), row.row)
        if first != row.row:
            yield Fault(
                f"{row.organisation} already has the year {row.year} in row {first}.",
                "Keep one row for each organisation and year.",
                row=row.row,
                column="published",
            )


class _RowReader:
    """Reads one row and gathers its faults, so that a person is told of all of them at once."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.faults: list[Fault] = []

    def read(self) -> WorkforceRow | None:
        period, year = self._period()
        organisation = self._organisation()
        total = self._count("employees")
        if total is None and not self._has_fault("employees"):
            self._fault("employees", "The number of employees is missing.", "Give the whole workforce.")
        if total == 0:
            self._fault("employees", "The workforce is 0.", "Leave out a year without employees.")
        numbers = {column: self._count(column) for column in self._numeric_columns()}
        if self.faults or total is None:
            return None
        counts = tuple(count for prefix in COLUMNS for count in self._characteristic(prefix, total, numbers))
        self._check_parts(numbers)
        self._check_set_aside(total, numbers)
        if not counts and not self.faults:
            self._fault("", "The row has no counts for any characteristic.", "Fill at least one, or remove the row.")
        aside = tuple(sorted(c for c, value in numbers.items() if value is not None and self._is_set_aside(c)))
        return WorkforceRow(self.row.number, organisation, period, year, total, counts, aside)

    def _characteristic(self, prefix: str, total: int, numbers: dict[str, int | None]) -> Iterator[CategoryCount]:
        standard, groups = COLUMNS[prefix]
        codes = {**groups, **NOT_KNOWN}
        found = {code: numbers.get(f"{prefix}_{group}") for group, code in codes.items()}
        given = {code: value for code, value in found.items() if value is not None}
        # A group whose column is left out is a group without a figure, unless few files have that column.
        asked = {code for group, code in codes.items() if f"{prefix}_{group}" in self.row.cells}
        asked |= set(groups.values()) - SELDOM_ASKED.get(prefix, set())
        stated = numbers.get(f"{prefix}_total")
        if stated is not None and stated != total:
            self._fault(
                f"{prefix}_total",
                f"The total given is {stated}, and there are {total} employees.",
                "Both are the whole workforce: mend the one that is wrong.",
            )
        if not given:
            return
        left = total - sum(given.values())
        if left < 0:
            columns = ", ".join(f"{prefix}_{group}" for group, code in codes.items() if code in given)
            self._fault(f"{prefix}_…", *_too_many(total - left, total, columns))
            return
        for code, value in found.items():
            if value is not None:
                yield CategoryCount(standard, code, value, Origin.GIVEN)
            elif code in asked:
                yield CategoryCount(standard, code, None, Origin.NOT_GIVEN)
        if left:
            yield CategoryCount(standard, NOT_SHOWN_AT_SOURCE, left, Origin.REMAINDER)

    def _check_parts(self, numbers: dict[str, int | None]) -> None:
        for group, parts in ETHNICITY_PARTS.items():
            whole = numbers.get(f"ethnicity_{group}")
            given = [n for part in parts if (n := numbers.get(f"ethnicity_{group}_{part}")) is not None]
            if given and sum(given) > (whole or 0):
                self._fault(
                    f"ethnicity_{group}",
                    f"The parts of this group add up to {sum(given)}, and the group holds {whole or 'no figure'}.",
                    "Give the group its whole number, or mend the part that is wrong.",
                )

    def _check_set_aside(self, total: int, numbers: dict[str, int | None]) -> None:
        for prefix, groups in SET_ASIDE_PREFIXES.items():
            held = sum(numbers.get(f"{prefix}_{group}") or 0 for group in (*groups, *NOT_KNOWN))
            if held > total:
                self._fault(f"{prefix}_…", *_too_many(held, total))

    def _period(self) -> tuple[str, int]:
        text = self.row.cells.get("published", "")
        match = re.fullmatch(r"([0-9]{4})(?:\.0|-(0[1-9]|1[0-2]))?", text)
        if not match or not 1990 <= int(match[1]) <= 2100:
            self._fault("published", f"“{text}” is not a year.", "Write 2026, or 2026-03 for a month.")
            return "", 0
        return (f"{match[1]}-{match[2]}" if match[2] else match[1]), int(match[1])

    def _organisation(self) -> str:
        name = self.row.cells.get("organisation", "")
        if not name:
            self._fault("organisation", "The organisation is missing.", "Name it as it is known here.")
        for column in ("organisation_grouping", "organisation_level"):
            if value := self.row.cells.get(column, ""):
                self._fault(
                    column,
                    f"The row is for a part of the organisation (“{value}”).",
                    "Send whole organisations, with this column blank.",
                )
        return name

    def _numeric_columns(self) -> list[str]:
        return [c for c in self.row.cells if c in KNOWN_COLUMNS and c not in (*TEXT_COLUMNS, "employees")]

    def _count(self, column: str) -> int | None:
        text = self.row.cells.get(column, "")
        if not text:
            return None
        match = re.fullmatch(r"(-?)([0-9]{1,12})(?:\.([0-9]{1,12}))?", text)
        if not match:
            self._fault(column, f"“{text[:40]}” is not a number.", "Give a whole number, or leave the cell blank.")
            return None
        sign, whole, fraction = match.groups()
        if sign:
            self._fault(column, f"{text} is below zero.", "Counts of people are 0 or more.")
            return None
        if fraction and int(fraction):
            self._fault(column, f"{text} is not a whole number.", "Count people, not full-time equivalents.")
            return None
        if int(whole) > LARGEST_COUNT:
            self._fault(column, f"{text} is more people than any employer has.", "Check the number.")
            return None
        return int(whole)

    def _is_set_aside(self, column: str) -> bool:
        return column.split("_")[0] in SET_ASIDE_PREFIXES or column.count("_") == 2

    def _has_fault(self, column: str) -> bool:
        return any(fault.column == column for fault in self.faults)

    def _fault(self, column: str, what: str, mend: str) -> None:
        self.faults.append(Fault(what, mend, row=self.row.number, column=column))


def _too_many(held: int, total: int, columns: str = "them") -> tuple[str, str]:
    return f"The groups add up to {held}, more than the {total} employees.", f"Check {columns}."

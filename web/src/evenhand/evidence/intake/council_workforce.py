"""The open-data format in which councils publish workforce counts: one row for each organisation and year.

The format has one total, `employees`, for all characteristics. A blank cell means nobody, not asked, or hidden by the
council. Where the groups of a characteristic add up to less than the total, the remainder is stored as a category of
its own, “not shown in the source”. Columns that no measure uses yet are checked but not stored.
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from evenhand.evidence.enums import NOT_SHOWN_AT_SOURCE, Origin
from evenhand.evidence.intake.council_columns import (
    COLUMNS,
    ETHNICITY_SUBGROUPS,
    KNOWN_COLUMNS,
    NOT_KNOWN,
    OPTIONAL_CATEGORIES,
    REQUIRED_COLUMNS,
    TEXT_COLUMNS,
    UNUSED_PREFIXES,
)
from evenhand.evidence.intake.csv_text import CsvRow, read_rows
from evenhand.evidence.intake.errors import ImportFileError, ImportProblem

LARGEST_COUNT = 10_000_000


@dataclass(frozen=True)
class CategoryCount:
    characteristic: str
    category: str
    count: int | None
    origin: Origin


@dataclass(frozen=True)
class WorkforceRow:
    """The validated counts of one organisation in one year. `row` is the row number in the file."""

    row: int
    organisation: str
    period: str
    year: int
    total: int
    counts: tuple[CategoryCount, ...]
    unused_columns: tuple[str, ...]


def read_workforce(data: bytes, name: str) -> tuple[WorkforceRow, ...]:
    """Read every row of the file. Raises ImportFileError listing everything that is wrong with it."""
    headings, csv_rows = read_rows(data, name)
    problems = list(_column_problems(headings))
    rows: list[WorkforceRow] = []
    for csv_row in csv_rows:
        parser = _WorkforceRowParser(csv_row)
        row = parser.parse()
        problems += parser.problems
        if row is not None:
            rows.append(row)
    problems += _repeated_years(rows)
    if problems:
        raise ImportFileError(name, tuple(problems))
    return tuple(rows)


def _column_problems(headings: tuple[str, ...]) -> Iterator[ImportProblem]:
    for column in REQUIRED_COLUMNS:
        if column not in headings:
            yield ImportProblem(f"The column “{column}” is missing.", "Add it. Every file must have it.", row=1)
    for heading in headings:
        if heading not in KNOWN_COLUMNS:
            matches = difflib.get_close_matches(heading, KNOWN_COLUMNS, n=1)
            fix = f"Did you mean “{matches[0]}”?" if matches else "Remove the column."
            prefix = heading.split("_")[0]
            description = (
                f"“{heading}” is not a category in this format."
                if prefix in COLUMNS
                else f"“{heading}” is not a column in this format."
            )
            yield ImportProblem(description, fix, row=1, column=heading)


def _repeated_years(rows: list[WorkforceRow]) -> Iterator[ImportProblem]:
    first_rows: dict[tuple[str, int], int] = {}
    for row in rows:
        first = first_rows.setdefault((row.organisation, row.year), row.row)
        if first != row.row:
            yield ImportProblem(
                f"{row.organisation} already has the year {row.year} in row {first}.",
                "Keep one row for each organisation and year.",
                row=row.row,
                column="published",
            )


class _WorkforceRowParser:
    """Parses one row and collects its problems, so that they can all be reported at once."""

    def __init__(self, row: CsvRow) -> None:
        self.row = row
        self.problems: list[ImportProblem] = []

    def parse(self) -> WorkforceRow | None:
        period, year = self._period()
        organisation = self._organisation()
        total = self._count("employees")
        if total is None and not self._has_problem("employees"):
            self._add_problem("employees", "The number of employees is missing.", "Give the size of the workforce.")
        if total == 0:
            self._add_problem("employees", "The workforce is 0.", "Remove the rows of years without employees.")
        numbers = {column: self._count(column) for column in self._numeric_columns()}
        if self.problems or total is None:
            return None
        counts = tuple(count for prefix in COLUMNS for count in self._characteristic(prefix, total, numbers))
        self._check_subgroups(numbers)
        self._check_unused(total, numbers)
        if not counts and not self.problems:
            self._add_problem(
                "", "The row has no counts for any characteristic.", "Fill in at least one, or remove the row."
            )
        unused = tuple(sorted(c for c, value in numbers.items() if value is not None and self._is_unused(c)))
        return WorkforceRow(self.row.number, organisation, period, year, total, counts, unused)

    def _characteristic(self, prefix: str, total: int, numbers: dict[str, int | None]) -> Iterator[CategoryCount]:
        standard, groups = COLUMNS[prefix]
        codes = {**groups, **NOT_KNOWN}
        values = {code: numbers.get(f"{prefix}_{group}") for group, code in codes.items()}
        given = {code: value for code, value in values.items() if value is not None}
        # A group whose column is left out counts as a group without a figure, unless its column is optional.
        asked = {code for group, code in codes.items() if f"{prefix}_{group}" in self.row.cells}
        asked |= set(groups.values()) - OPTIONAL_CATEGORIES.get(prefix, set())
        stated_total = numbers.get(f"{prefix}_total")
        if stated_total is not None and stated_total != total:
            self._add_problem(
                f"{prefix}_total",
                f"The total given is {stated_total}, but there are {total} employees.",
                "Both must be the size of the whole workforce. Correct the wrong one.",
            )
        if not given:
            return
        remainder = total - sum(given.values())
        if remainder < 0:
            columns = ", ".join(f"{prefix}_{group}" for group, code in codes.items() if code in given)
            self._add_problem(f"{prefix}_…", *_too_many(total - remainder, total, columns))
            return
        for code, value in values.items():
            if value is not None:
                yield CategoryCount(standard, code, value, Origin.GIVEN)
            elif code in asked:
                yield CategoryCount(standard, code, None, Origin.NOT_GIVEN)
        if remainder:
            yield CategoryCount(standard, NOT_SHOWN_AT_SOURCE, remainder, Origin.REMAINDER)

    def _check_subgroups(self, numbers: dict[str, int | None]) -> None:
        for group, subgroups in ETHNICITY_SUBGROUPS.items():
            group_count = numbers.get(f"ethnicity_{group}")
            given = [n for subgroup in subgroups if (n := numbers.get(f"ethnicity_{group}_{subgroup}")) is not None]
            if given and sum(given) > (group_count or 0):
                self._add_problem(
                    f"ethnicity_{group}",
                    f"The subgroups add up to {sum(given)}, but the group has {group_count or 'no figure'}.",
                    "Give the total for the group, or correct the subgroup that is wrong.",
                )

    def _check_unused(self, total: int, numbers: dict[str, int | None]) -> None:
        for prefix, groups in UNUSED_PREFIXES.items():
            counted = sum(numbers.get(f"{prefix}_{group}") or 0 for group in (*groups, *NOT_KNOWN))
            if counted > total:
                self._add_problem(f"{prefix}_…", *_too_many(counted, total))

    def _period(self) -> tuple[str, int]:
        text = self.row.cells.get("published", "")
        match = re.fullmatch(r"([0-9]{4})(?:\.0|-(0[1-9]|1[0-2]))?", text)
        if not match or not 1990 <= int(match[1]) <= 2100:
            self._add_problem("published", f"“{text}” is not a year.", "Write 2026, or 2026-03 for a month.")
            return "", 0
        return (f"{match[1]}-{match[2]}" if match[2] else match[1]), int(match[1])

    def _organisation(self) -> str:
        name = self.row.cells.get("organisation", "")
        if not name:
            self._add_problem(
                "organisation", "The organisation is missing.", "Give the name of the authority as it is in Evenhand."
            )
        for column in ("organisation_grouping", "organisation_level"):
            if value := self.row.cells.get(column, ""):
                self._add_problem(
                    column,
                    f"The row is for a part of the organisation (“{value}”).",
                    "Give figures for the whole organisation, and leave this column blank.",
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
            fix = "Give a whole number. Leave the cell blank if the figure is not given."
            if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3}){1,3}", text):
                fix = f"Remove the comma: {text.replace(',', '')}."
            self._add_problem(column, f"“{text[:40]}” is not a number.", fix)
            return None
        sign, whole, fraction = match.groups()
        if sign:
            self._add_problem(column, f"{text} is below zero.", "A count of people must be 0 or more.")
            return None
        if fraction and int(fraction):
            self._add_problem(column, f"{text} is not a whole number.", "Count people, not full-time equivalents.")
            return None
        if int(whole) > LARGEST_COUNT:
            self._add_problem(column, f"{text} is more people than any employer has.", "Check the number.")
            return None
        return int(whole)

    def _is_unused(self, column: str) -> bool:
        return column.split("_")[0] in UNUSED_PREFIXES or column.count("_") == 2

    def _has_problem(self, column: str) -> bool:
        return any(problem.column == column for problem in self.problems)

    def _add_problem(self, column: str, description: str, fix: str) -> None:
        self.problems.append(ImportProblem(description, fix, row=self.row.number, column=column))


def _too_many(counted: int, total: int, columns: str = "them") -> tuple[str, str]:
    return f"The groups add up to {counted}, more than the {total} employees.", f"Check {columns}."

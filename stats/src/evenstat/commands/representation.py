"""`evenstat representation`: compare a workforce with a benchmark population, from one file."""

import argparse
import csv
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from evenstat.commands.output import CommandResult, format_columns
from evenstat.disclosure import SUPPRESSION_POLICIES, Policy, policy
from evenstat.disclosure.single_tables import Cell, CountTable, protect
from evenstat.errors import InvalidInput, UnknownPolicy
from evenstat.estimates import CONFIDENTIAL, Shorthand, Suppressed
from evenstat.measures import representation as measure_representation

LONGEST_COUNT = 12  # digits; no employer has more people
COLUMNS = ["category", "count", "benchmark_percent"]
HEADINGS = ["category", "count", "share %", "range %", "benchmark %", "index", "range", "gap", "finding"]
NOT_APPLICABLE = Suppressed(Shorthand.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """One row of the file. `benchmark_percent` is None in a row for people who did not answer."""

    category: str
    count: int
    benchmark_percent: float | None


def representation(arguments: argparse.Namespace) -> CommandResult:
    rows = _read(arguments.file)
    counts: dict[str, int | Suppressed] = {row.category: row.count for row in rows}
    base: int | Suppressed = sum(row.count for row in rows if row.benchmark_percent is not None)
    if arguments.policy is not None:
        answered = tuple(Cell(row.category, row.count) for row in rows if row.benchmark_percent is not None)
        not_known = tuple(Cell(row.category, row.count) for row in rows if row.benchmark_percent is None)
        published = protect(CountTable(arguments.file.name, answered, not_known), _suppression_policy(arguments.policy))
        counts = {cell.code: cell.count for cell in published.cells}
        base = published.base
    table = [HEADINGS, *(_line(row, counts[row.category], base) for row in rows)]
    total = sum(row.count for row in rows)
    key = "[c] hidden to protect people   [z] not applicable: people who did not answer"
    return CommandResult(f"{format_columns(table)}\n\nanswered: {base}   all: {total}\n{key}")


def _suppression_policy(policy_id: str) -> Policy:
    """The named policy, which must suppress small counts and publish zeros to suit one-way tables."""
    chosen = policy(policy_id)
    if chosen not in SUPPRESSION_POLICIES:
        suitable = ", ".join(known.id for known in SUPPRESSION_POLICIES)
        raise UnknownPolicy(f"Policy {chosen.id!r} is not for tables of one characteristic: use one of {suitable}.")
    return chosen


def _line(row: CategoryRow, count: int | Suppressed, base: int | Suppressed) -> list[str]:
    benchmark = row.benchmark_percent
    if benchmark is None:
        return [row.category, str(count), *[str(NOT_APPLICABLE)] * 7]
    if isinstance(count, Suppressed) or isinstance(base, Suppressed):
        confidential = str(CONFIDENTIAL)
        return [row.category, str(count), confidential, confidential, f"{benchmark:g}", *[confidential] * 4]
    r = measure_representation(count, base, benchmark / 100)
    return [
        row.category,
        str(count),
        f"{r.share.value:.1%}"[:-1],
        f"{100 * r.share.low:.1f} to {100 * r.share.high:.1f}",
        f"{benchmark:g}",
        f"{r.index.value:.2f}",
        f"{r.index.low:.2f} to {r.index.high:.2f}",
        f"{r.gap_heads:.0f}",
        r.finding.value,
    ]


def _read(path: Path) -> list[CategoryRow]:
    """Read the rows of the file. Raises InvalidInput for the first error in it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        lines = list(csv.reader(StringIO(text, newline=""), strict=True))
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be read ({error.strerror}). Check the name of the file.") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path}: this is not UTF-8 text. Save it as CSV in UTF-8.") from error
    except csv.Error as error:
        raise InvalidInput(f"{path}: this is not a well-formed CSV file ({error}). Save it as CSV again.") from error
    if not lines or [cell.strip() for cell in lines[0]] != COLUMNS:
        raise InvalidInput(f"{path}, row 1: the columns must be {','.join(COLUMNS)}, in this order.")
    rows = [_row(cells, f"{path}, row {number}") for number, cells in enumerate(lines[1:], 2) if any(cells)]
    _check_rows(rows, path)
    return rows


def _row(cells: list[str], place: str) -> CategoryRow:
    if len(cells) != len(COLUMNS):
        raise InvalidInput(f"{place}: this row has {len(cells)} columns. It must have {len(COLUMNS)}.")
    category, count, percent = (cell.strip() for cell in cells)
    if not category:
        raise InvalidInput(f"{place}, column category: this is empty. Enter the category.")
    if not (count.isascii() and count.isdigit() and len(count) <= LONGEST_COUNT):
        raise InvalidInput(f"{place}, column count: {count!r} is not a whole number of people, such as 245.")
    if not percent:
        return CategoryRow(category, int(count), None)
    try:
        benchmark = float(percent)
    except ValueError:
        benchmark = 0.0
    if not 0 < benchmark <= 100:
        raise InvalidInput(
            f"{place}, column benchmark_percent: {percent!r} is not a number above 0 and at most 100."
            " Leave it empty in a row for people who did not answer."
        )
    return CategoryRow(category, int(count), benchmark)


def _check_rows(rows: list[CategoryRow], path: Path) -> None:
    seen: set[str] = set()
    for row in rows:
        if row.category in seen:
            raise InvalidInput(f"{path}, column category: {row.category!r} appears twice. Combine the two rows.")
        seen.add(row.category)
    if not any(row.count for row in rows if row.benchmark_percent is not None):
        raise InvalidInput(f"{path}, column count: every count in a row with a benchmark is 0.")

"""`evenstat representation`: a workforce beside a benchmark population, out of one file."""

import argparse
import csv
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from evenstat.commands.answers import Answer, aligned
from evenstat.disclosure import HIDING, Policy, policy
from evenstat.disclosure.one_way import Cell, CountTable, protect
from evenstat.errors import InvalidInput, UnknownPolicy
from evenstat.estimates import CONFIDENTIAL, Hidden, Shorthand
from evenstat.measures import representation as measured

LONGEST_COUNT = 12  # digits; no employer has more people
COLUMNS = ["category", "count", "benchmark_percent"]
HEADINGS = ["category", "count", "share %", "range %", "benchmark %", "index", "range", "gap", "finding"]
NOT_APPLICABLE = Hidden(Shorthand.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file; `benchmark_percent` is None in a row for people with no answer."""

    category: str
    count: int
    benchmark_percent: float | None


def representation(arguments: argparse.Namespace) -> Answer:
    rows = _read(arguments.file)
    counts: dict[str, int | Hidden] = {row.category: row.count for row in rows}
    n = sum(row.count for row in rows if row.benchmark_percent is not None)
    base: int | Hidden = n
    if arguments.policy is not None:
        answered = tuple(Cell(row.category, row.count) for row in rows if row.benchmark_percent is not None)
        unknown = tuple(Cell(row.category, row.count) for row in rows if row.benchmark_percent is None)
        published = protect(CountTable(arguments.file.name, answered, unknown), _hiding(arguments.policy))
        counts = {cell.code: cell.count for cell in published.cells}
        base = published.base
    table = [HEADINGS, *(_line(row, counts[row.category], base) for row in rows)]
    total = sum(row.count for row in rows)
    key = "[c] hidden to protect people   [z] not applicable: people with no answer"
    return Answer(f"{aligned(table)}\n\nanswered: {base}   all: {total}\n{key}")


def _hiding(policy_id: str) -> Policy:
    """A policy that hides counts and shows zeros: of others this engine would show what they do not."""
    rule = policy(policy_id)
    if rule not in HIDING:
        known = ", ".join(each.id for each in HIDING)
        raise UnknownPolicy(f"Policy {rule.id!r} is not for tables of one characteristic: use one of {known}.")
    return rule


def _line(row: Row, count: int | Hidden, base: int | Hidden) -> list[str]:
    benchmark = row.benchmark_percent
    if benchmark is None:
        return [row.category, str(count), *[str(NOT_APPLICABLE)] * 7]
    if isinstance(count, Hidden) or isinstance(base, Hidden):
        hidden = str(CONFIDENTIAL)
        return [row.category, str(count), hidden, hidden, f"{benchmark:g}", *[hidden] * 4]
    r = measured(count, base, benchmark / 100)
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


def _read(path: Path) -> list[Row]:
    """The rows of the file, or one sentence on the first thing that is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        lines = list(csv.reader(StringIO(text, newline=""), strict=True))
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be read ({error.strerror}). Check the name of the file.") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path}: this is not UTF-8 text. Save it as CSV in UTF-8.") from error
    except csv.Error as error:
        raise InvalidInput(f"{path}: this is not a well-formed CSV file ({error}). Save it again as CSV.") from error
    if not lines or [cell.strip() for cell in lines[0]] != COLUMNS:
        raise InvalidInput(f"{path}, row 1: the columns must be {','.join(COLUMNS)}, in this order.")
    rows = [_row(cells, f"{path}, row {number}") for number, cells in enumerate(lines[1:], 2) if any(cells)]
    _check_together(rows, path)
    return rows


def _row(cells: list[str], place: str) -> Row:
    if len(cells) != len(COLUMNS):
        raise InvalidInput(f"{place}: {len(cells)} columns where {len(COLUMNS)} are needed.")
    category, count, percent = (cell.strip() for cell in cells)
    if not category:
        raise InvalidInput(f"{place}, column category: this is empty. Name the category.")
    if not (count.isascii() and count.isdigit() and len(count) <= LONGEST_COUNT):
        raise InvalidInput(f"{place}, column count: {count!r} is not a whole number of people, such as 245.")
    if not percent:
        return Row(category, int(count), None)
    try:
        benchmark = float(percent)
    except ValueError:
        benchmark = 0.0
    if not 0 < benchmark <= 100:
        raise InvalidInput(
            f"{place}, column benchmark_percent: {percent!r} is not a number above 0 and at most 100."
            " Leave it empty in a row for people with no answer."
        )
    return Row(category, int(count), benchmark)


def _check_together(rows: list[Row], path: Path) -> None:
    seen: set[str] = set()
    for row in rows:
        if row.category in seen:
            raise InvalidInput(f"{path}, column category: {row.category!r} is there twice. Add the two rows.")
        seen.add(row.category)
    if not any(row.count for row in rows if row.benchmark_percent is not None):
        raise InvalidInput(f"{path}, column count: nobody is counted in a row with a benchmark.")

"""The command line: the one door of this package that reads a file. It works nothing out itself."""

import argparse
import csv
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from io import StringIO
from pathlib import Path

from evenstat.disclosure import POLICIES, policy
from evenstat.disclosure.one_way import Cell, CountTable, protect
from evenstat.errors import EvenstatError, InvalidInput
from evenstat.estimates import CONFIDENTIAL, Hidden, Shorthand
from evenstat.measures import representation
from evenstat.standards import STANDARDS, standard

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


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it was done, 2 with a sentence on what to mend when it could not be."""
    arguments = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], str] = arguments.command
    try:
        print(command(arguments), flush=True)
    except BrokenPipeError:  # the reader has enough: `evenstat standards | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except EvenstatError as error:
        print(f"evenstat: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="evenstat", description="Equality statistics on your own machine.")
    parser.add_argument("--version", action="version", version=f"evenstat {version('evenstat')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    listing = commands.add_parser("standards", help="the categories in use")
    listing.add_argument("id", nargs="?", help="one standard, such as ethnicity")
    listing.set_defaults(command=_standards)
    commands.add_parser("policies", help="the rules for hiding small counts").set_defaults(command=_policies)
    measure = commands.add_parser("representation", help="a workforce beside a benchmark population")
    measure.add_argument("file", metavar="FILE.csv", type=Path, help=f"columns: {', '.join(COLUMNS)}")
    measure.add_argument("--policy", metavar="POLICY", help="hide small counts, such as council_lt10")
    measure.set_defaults(command=_representation)
    return parser


def _standards(arguments: argparse.Namespace) -> str:
    if arguments.id is None:
        return _aligned([["id", "name", "edition"], *([item.id, item.name, item.edition] for item in STANDARDS)])
    chosen = standard(arguments.id)
    rows = [[category.code, category.label] for category in (*chosen.categories, *chosen.not_known)]
    facts = f"{chosen.name}, edition {chosen.edition}\n{chosen.note}\nSource: {chosen.source}"
    return f"{facts}\n\n{_aligned([['code', 'label'], *rows])}"


def _policies(_arguments: argparse.Namespace) -> str:
    return _aligned([["id", "what it does"], *([item.id, item.description] for item in POLICIES)])


def _representation(arguments: argparse.Namespace) -> str:
    rows = _read(arguments.file)
    counts: dict[str, int | Hidden] = {row.category: row.count for row in rows}
    n = sum(row.count for row in rows if row.benchmark_percent is not None)
    base: int | Hidden = n
    if arguments.policy is not None:
        answered = tuple(Cell(row.category, row.count) for row in rows if row.benchmark_percent is not None)
        unknown = tuple(Cell(row.category, row.count) for row in rows if row.benchmark_percent is None)
        published = protect(CountTable(arguments.file.name, answered, unknown), policy(arguments.policy))
        counts = {cell.code: cell.count for cell in published.cells}
        base = published.base
    table = [HEADINGS, *(_line(row, counts[row.category], base) for row in rows)]
    total = sum(row.count for row in rows)
    key = "[c] hidden to protect people   [z] not applicable: people with no answer"
    return f"{_aligned(table)}\n\nanswered: {base}   all: {total}\n{key}"


def _line(row: Row, count: int | Hidden, base: int | Hidden) -> list[str]:
    benchmark = row.benchmark_percent
    if benchmark is None:
        return [row.category, str(count), *[str(NOT_APPLICABLE)] * 7]
    if isinstance(count, Hidden) or isinstance(base, Hidden):
        hidden = str(CONFIDENTIAL)
        return [row.category, str(count), hidden, hidden, f"{benchmark:g}", *[hidden] * 4]
    r = representation(count, base, benchmark / 100)
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


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


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


if __name__ == "__main__":
    sys.exit(main())

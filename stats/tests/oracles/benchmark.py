"""The inputs of the disclosure benchmark, and another program's patterns for them: reference/disclosure/."""

import csv
import gzip
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evenstat.disclosure import Policy, policy
from evenstat.disclosure.tables import TOTAL, Flags, Integers, LinkedTables, flat, from_records, layout, nested

REFERENCE = Path(__file__).resolve().parent.parent / "reference" / "disclosure"
SETS = ("a", "b", "c")
SIZES = (2_000, 20_000, 200_000)
RULE: Policy = policy("council_lt5")
GROUPED = "ethnicity"
HIERARCHY = ("ethgroup", "ethnicity")


@dataclass(frozen=True)
class Anchor:
    """The other program's pattern, and the range that each attacker can derive; cells in ascending order."""

    suppressed: Flags
    cells: Integers
    low: dict[str, Integers]
    high: dict[str, Integers]


def load(name: str, size: int) -> LinkedTables:
    with gzip.open(REFERENCE / f"cells_{size}.csv.gz", "rt", encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    columns = {column: [row[column] for row in rows] for column in rows[0]}
    tables = tables_of(name)
    used = dict.fromkeys(GROUPED if column in HIERARCHY else column for table in tables for column in table)
    dimensions = [
        nested(column, [HIERARCHY], {level: columns[level] for level in HIERARCHY})
        if column == GROUPED
        else flat(column, sorted(set(columns[column])))
        for column in used
    ]
    return from_records(layout(dimensions, tables), columns, [int(count) for count in columns["n"]])


def tables_of(name: str) -> list[list[str]]:
    with (REFERENCE / "sets.toml").open("rb") as file:
        return tomllib.load(file)[name]


def anchor(name: str, size: int, tables: LinkedTables) -> Anchor:
    with (REFERENCE / f"{name}_{size}.csv").open(newline="", encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    shape = tables.shape
    cells = np.array([shape.cell([row[dimension] for dimension in shape.names]) for row in rows], dtype=np.int64)
    order = np.argsort(cells)
    hidden = np.zeros(len(shape), dtype=bool)
    hidden[cells] = True

    def column(which: str) -> Integers:
        return np.array([int(row[which]) for row in rows], dtype=np.int64)[order]

    low, high = ({attacker: column(f"{end}_{attacker.lower()}") for attacker in "AB"} for end in ("low", "high"))
    return Anchor(hidden, cells[order], low, high)


def parents(tables: LinkedTables) -> dict[str, dict[str, str]]:
    """For each dimension the parent of each code that is not at the top level."""
    return {
        dimension.name: {
            child: rollup.parent for rollup in dimension.rollups if rollup.parent != TOTAL for child in rollup.children
        }
        for dimension in tables.shape.dimensions
    }

"""Write docs/what-councils-disclose.md: what an attacker can work out from tables published as councils publish them.

    .venv/bin/python -m analyses.what_councils_disclose [--check]

The first part covers the councils' own one-way tables as published, the second a synthetic workforce over three years.
--check compares the page with the figures and writes nothing.
"""

import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scripts.places import ROOT

from analyses.synthetic_workforce import PEOPLE, workforces
from evenstat.disclosure import (
    Attacker,
    LinkedTables,
    audit,
    flat,
    from_records,
    layout,
    nested,
    policy,
    protect,
    suppress_cells,
)

FIGURES = ROOT / "web/src/evenhand/demonstration/data/council_workforce.csv"
PAGE = ROOT / "docs/what-councils-disclose.md"
CHARACTERISTICS = ("gender", "age", "disability", "ethnicity", "religion", "sexuality")
PART_OF_ANOTHER_COLUMN = {"ethnicity_white_british"}
THRESHOLDS = (5, 10)
BUDGET = 300  # linear programmes for each pattern: it must be safe, but need not be optimal
LABELS = {"usedifferentterm": "used a different term", "jewish": "Jewish", "sexuality": "sexual orientation"}

TABLES = (
    ("grade", "ethnicity"),
    ("grade", "sex"),
    ("grade", "disability"),
    ("directorate", "ethnicity"),
    ("directorate", "grade"),
    ("sex", "ethnicity"),
)


@dataclass(frozen=True)
class CouncilTable:
    """One table as a council published it. A blank cell is None."""

    council: str
    year: str
    characteristic: str
    total: int
    cells: dict[str, int | None]

    @property
    def shortfall(self) -> int:
        return self.total - sum(count or 0 for count in self.cells.values())

    @property
    def blank_cells(self) -> list[str]:
        return [code for code, count in self.cells.items() if count is None]


def published_tables() -> Iterator[CouncilTable]:
    with FIGURES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for characteristic in CHARACTERISTICS:
                prefix = f"{characteristic}_"
                columns = [name for name in row if name.startswith(prefix) and name not in PART_OF_ANOTHER_COLUMN]
                cells = {name.removeprefix(prefix): int(row[name]) if row[name] else None for name in columns}
                if any(count is not None for count in cells.values()):
                    yield CouncilTable(
                        row["organisation"], row["published"], characteristic, int(row["employees"]), cells
                    )


def disclosed_counts(table: CouncilTable) -> dict[str, int]:
    """The blank cells that attacker A can work out exactly, with their counts."""
    shape = layout([flat("category", list(table.cells))], [["category"]])
    printed = {"the total": table.total} | table.cells
    counts = np.array([printed[shape.named(cell)] or 0 for cell in range(len(shape))])
    blank = np.array([printed[shape.named(cell)] is None for cell in range(len(shape))])
    audited = audit(suppress_cells(shape, counts, blank), Attacker.NON_NEGATIVE)
    disclosed = set(audited.exactly_disclosed.tolist())
    return {
        shape.named(cell): low
        for cell, low in zip(audited.cells.tolist(), audited.low.tolist(), strict=True)
        if cell in disclosed
    }


def linked_tables(columns: dict[str, list[str]], tables: Sequence[Sequence[str]]) -> LinkedTables:
    names = dict.fromkeys(name for table in tables for name in table)
    dimensions = [
        nested(name, [["ethgroup", "ethnicity"]], columns)
        if name == "ethnicity"
        else flat(name, sorted(set(columns[name])))
        for name in names
    ]
    return from_records(layout(dimensions, tables), columns, [1] * PEOPLE)


@dataclass(frozen=True)
class DisclosureOutcome:
    """The suppressed cells in one year's tables, and how many of them each attacker works out exactly."""

    suppressed: int
    disclosed: dict[Attacker, int]


def audited_outcome(tables: LinkedTables, suppressed: np.ndarray) -> DisclosureOutcome:
    publication = suppress_cells(tables.shape, tables.counts, suppressed)
    disclosed = {
        attacker: len(audit(publication, attacker, singletons=tables.singletons).exactly_disclosed)
        for attacker in Attacker
    }
    return DisclosureOutcome(int(suppressed.sum()), disclosed)


def blank_small_counts(columns: dict[str, list[str]]) -> DisclosureOutcome:
    tables = linked_tables(columns, TABLES)
    return audited_outcome(tables, (tables.counts >= 1) & (tables.counts < 5))


def protect_each_table(columns: dict[str, list[str]]) -> DisclosureOutcome:
    """Protect each table separately and publish them all: a cell is published if any table publishes it."""
    all_tables = linked_tables(columns, TABLES)
    published = np.zeros(len(all_tables.counts), dtype=bool)
    for dimensions in TABLES:
        table = linked_tables(columns, [dimensions])
        pattern = protect(table, policy("council_lt5"), attacker=Attacker.ZEROS_SHOWN, budget=BUDGET)
        for cell in np.flatnonzero(~pattern.suppressed).tolist():
            codes = dict(zip(table.shape.names, table.shape.key(cell), strict=True))
            published[all_tables.shape.cell([codes.get(name, "Total") for name in all_tables.shape.names])] = True
    return audited_outcome(all_tables, ~published)


def protect_all_tables(columns: dict[str, list[str]]) -> DisclosureOutcome:
    tables = linked_tables(columns, TABLES)
    pattern = protect(tables, policy("council_lt5"), attacker=Attacker.SINGLETON, budget=BUDGET)
    return audited_outcome(tables, pattern.suppressed)


def protect_council_table(table: CouncilTable, threshold: int) -> tuple[int, int]:
    """The number of rows that `protect` suppresses, and how many of them an attacker works out exactly."""
    cells = {code: count or 0 for code, count in table.cells.items()}
    if table.shortfall:
        cells["not shown at source"] = table.shortfall
    shape = layout([flat("category", list(cells))], [["category"]])
    tables = from_records(shape, {"category": list(cells)}, list(cells.values()))
    pattern = protect(tables, policy(f"council_lt{threshold}"), budget=BUDGET)
    disclosed = sum(
        len(audit(pattern.publication, attacker, singletons=tables.singletons).exactly_disclosed)
        for attacker in Attacker
    )
    return int(pattern.suppressed.sum()), disclosed


def page() -> str:
    tables = list(published_tables())
    return "\n\n".join([INTRODUCTION, *_councils(tables), *_workforce()]) + "\n"


INTRODUCTION = """<!-- Written by analyses/what_councils_disclose.py. Change the program, not this page. -->

# What councils disclose

This page uses the audit of `evenstat.disclosure` to answer two questions: what an attacker can work out from the
workforce tables that two councils have published, and what an attacker can work out from linked tables if each table is
protected only on its own."""


def _councils(tables: list[CouncilTable]) -> Iterator[str]:
    years = [f"{table.council.removesuffix(' City Council').removesuffix(' Council')} {table.year}" for table in tables]
    yield f"""## The councils' own tables

There are {len(tables)} one-way tables, from Calderdale Council (2019 to 2026) and Leeds City Council (2021). The source
is the councils' open data, under the Open Government Licence v3.0, which gives one total for each council and year. A
blank cell can mean that the count is zero, that the question was not asked, or that the council suppressed the count:
the file does not say which."""
    for threshold in THRESHOLDS:
        small = [count for table in tables for count in table.cells.values() if count and count < threshold]
        outcomes = [protect_council_table(table, threshold) for table in tables]
        suppressed, disclosed = (sum(column) for column in zip(*outcomes, strict=True))
        yield (
            f"**With a threshold of {threshold}**: {len(small)} published counts are from 1 to {threshold - 1}. If the"
            f" same tables are protected with `evenstat`, {suppressed} rows are suppressed and an attacker can work out"
            f" {disclosed} of them exactly."
        )
    incomplete = [
        (name, table, disclosed_counts(table)) for name, table in zip(years, tables, strict=True) if table.shortfall
    ]
    with_disclosure = [table for _, table, disclosed in incomplete if disclosed]
    rows = [
        f"| {name} | {LABELS.get(table.characteristic, table.characteristic)} | {table.shortfall} |"
        f" {len(table.blank_cells)} | {_disclosed_text(disclosed)} |"
        for name, table, disclosed in incomplete
    ]
    yield (
        f"No table publishes a count below 5. However, {_in_words(len(incomplete))} tables add up to less than their"
        f" total, so at least one blank cell is not zero. In {_in_words(len(with_disclosure))} of them only one cell is"
        " blank, so its count follows by subtraction:"
    )
    yield "\n".join(
        [
            "| council and year | table | shortfall | blank cells | exactly disclosed |",
            "| --- | --- | --: | --: | --- |",
            *rows,
        ]
    )


def _disclosed_text(disclosed: dict[str, int]) -> str:
    return ", ".join(f"{LABELS.get(code, code)} is {count}" for code, count in disclosed.items()) or "none"


def _in_words(number: int) -> str:
    words = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[number] if number < len(words) else str(number)


def _workforce() -> Iterator[str]:
    yield f"""## A synthetic workforce of {PEOPLE:,} people

No real person is in these figures. Six linked tables are published each year
({"; ".join(" by ".join(table) for table in TABLES)}),
with ethnicity in 18 groups and in 5, and with all margins. They cover three years, and each year a tenth of the staff
leave and as many join. Counts of 1 to 4 must not be published. Three methods are compared:

1. **small counts blanked**, as with a spreadsheet formula
2. **each table protected separately**, as with most tools: no suppressed count follows from the table it is in
3. **all tables protected together**, with `evenstat protect`

Attacker A knows that counts are not negative. Attacker B also knows that a suppressed count is at least 1. Attacker C
is each person who is the only one in a suppressed cell, and so knows that this count is 1."""
    rows = []
    for year, columns in workforces():
        for name, method in (
            ("small counts blanked", blank_small_counts),
            ("each table protected separately", protect_each_table),
            ("all tables protected together", protect_all_tables),
        ):
            outcome = method(columns)
            disclosed = " | ".join(str(outcome.disclosed[attacker]) for attacker in Attacker)
            rows.append(f"| {year} | {name} | {outcome.suppressed} | {disclosed} |")
    yield "\n".join(
        [
            "| year | method | cells suppressed | exactly disclosed to A | to B | to C |",
            "| --- | --- | --: | --: | --: | --: |",
            *rows,
        ]
    )


def main() -> int:
    text = page()
    if "--check" in sys.argv:
        return 0 if PAGE.read_text(encoding="utf-8") == text else 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

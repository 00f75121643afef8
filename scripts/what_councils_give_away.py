"""Writes docs/what-councils-give-away.md: what a reader works out of tables published the way councils publish them.

    .venv/bin/python -m scripts.what_councils_give_away [--check]

First the councils' own one-way tables, as they were published; then a made-up workforce over three years.
"""

import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

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
    suppressed,
)
from scripts.made_up_workforce import PEOPLE, workforces
from scripts.places import ROOT

FIGURES = ROOT / "web/src/evenhand/demonstration/data/council_workforce.csv"
PAGE = ROOT / "docs/what-councils-give-away.md"
CHARACTERISTICS = ("gender", "age", "disability", "ethnicity", "religion", "sexuality")
PART_OF_ANOTHER = {"ethnicity_white_british"}
THRESHOLDS = (5, 10)
BUDGET = 300  # programmes a pattern: safe is enough here, least is not asked for
NAMES = {"usedifferentterm": "used a different term", "jewish": "Jewish", "sexuality": "sexual orientation"}

TABLES = (
    ("grade", "ethnicity"),
    ("grade", "sex"),
    ("grade", "disability"),
    ("directorate", "ethnicity"),
    ("directorate", "grade"),
    ("sex", "ethnicity"),
)


@dataclass(frozen=True)
class Counts:
    """One table as a council gave it; None is a blank cell."""

    council: str
    year: str
    characteristic: str
    total: int
    cells: dict[str, int | None]

    @property
    def short(self) -> int:
        return self.total - sum(count or 0 for count in self.cells.values())

    @property
    def blank(self) -> list[str]:
        return [code for code, count in self.cells.items() if count is None]


def published_tables() -> Iterator[Counts]:
    with FIGURES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for characteristic in CHARACTERISTICS:
                names = [name for name in row if name.startswith(f"{characteristic}_") and name not in PART_OF_ANOTHER]
                cells = {
                    name.removeprefix(f"{characteristic}_"): int(row[name]) if row[name] else None for name in names
                }
                if any(count is not None for count in cells.values()):
                    yield Counts(row["organisation"], row["published"], characteristic, int(row["employees"]), cells)


def given_away(table: Counts) -> dict[str, int]:
    """Blank cells that a reader works out, and what they hold, knowing only that nobody is counted below zero."""
    shape = layout([flat("category", list(table.cells))], [["category"]])
    printed = {"the total": table.total} | table.cells
    counts = np.array([printed[shape.named(cell)] or 0 for cell in range(len(shape))])
    hidden = np.array([printed[shape.named(cell)] is None for cell in range(len(shape))])
    found = audit(suppressed(shape, counts, hidden), Attacker.A)
    known = set(found.exact.tolist())
    return {
        shape.named(cell): low
        for cell, low in zip(found.cells.tolist(), found.low.tolist(), strict=True)
        if cell in known
    }


def linked(columns: dict[str, list[str]], tables: Sequence[Sequence[str]]) -> LinkedTables:
    names = dict.fromkeys(name for table in tables for name in table)
    dimensions = [
        nested(name, [["ethgroup", "ethnicity"]], columns)
        if name == "ethnicity"
        else flat(name, sorted(set(columns[name])))
        for name in names
    ]
    return from_records(layout(dimensions, tables), columns, [1] * PEOPLE)


@dataclass(frozen=True)
class Outcome:
    """What is hidden of a workforce's tables in one year, and how much of that each reader works out."""

    hidden: int
    recovered: dict[Attacker, int]


def outcome(tables: LinkedTables, hidden: np.ndarray) -> Outcome:
    publication = suppressed(tables.shape, tables.counts, hidden)
    recovered = {each: len(audit(publication, each, alone=tables.alone).exact) for each in Attacker}
    return Outcome(int(hidden.sum()), recovered)


def small_counts_only(columns: dict[str, list[str]]) -> Outcome:
    tables = linked(columns, TABLES)
    return outcome(tables, (tables.counts >= 1) & (tables.counts < 5))


def each_table_alone(columns: dict[str, list[str]]) -> Outcome:
    """Each table made safe by itself, with the engine, and then all are published: what one table shows is shown."""
    every = linked(columns, TABLES)
    shown = np.zeros(len(every.counts), dtype=bool)
    for table in TABLES:
        alone = linked(columns, [table])
        hidden = protect(alone, policy("council_lt5"), attacker=Attacker.B, budget=BUDGET).hidden
        for cell in np.flatnonzero(~hidden).tolist():
            codes = dict(zip(alone.shape.names, alone.shape.key(cell), strict=True))
            shown[every.shape.cell([codes.get(name, "Total") for name in every.shape.names])] = True
    return outcome(every, ~shown)


def together(columns: dict[str, list[str]]) -> Outcome:
    tables = linked(columns, TABLES)
    return outcome(tables, protect(tables, policy("council_lt5"), attacker=Attacker.C, budget=BUDGET).hidden)


def hidden_by_the_engine(table: Counts, threshold: int) -> tuple[int, int]:
    """Rows that the engine hides of a council's table, and how many of those a reader still works out."""
    cells = {code: count or 0 for code, count in table.cells.items()}
    if table.short:
        cells["not shown at source"] = table.short
    shape = layout([flat("category", list(cells))], [["category"]])
    tables = from_records(shape, {"category": list(cells)}, list(cells.values()))
    found = protect(tables, policy(f"council_lt{threshold}"), budget=BUDGET)
    exact = sum(len(audit(found.publication, each, alone=tables.alone).exact) for each in Attacker)
    return int(found.hidden.sum()), exact


def page() -> str:
    tables = list(published_tables())
    return "\n\n".join([OPENING, *_councils(tables), *_workforce()]) + "\n"


OPENING = """<!-- Written by scripts/what_councils_give_away.py from the figures. Change the program, not this page. -->

# What councils give away

Two questions, each answered with the audit of `evenstat.disclosure`: what a reader can work out of the tables that two
councils have published of their workforce, and what a reader can work out of linked tables of which each is safe on its
own."""


def _councils(tables: list[Counts]) -> Iterator[str]:
    years = [f"{each.council.removesuffix(' City Council').removesuffix(' Council')} {each.year}" for each in tables]
    yield f"""## The councils' own tables

{len(tables)} one-way tables: Calderdale Council 2019 to 2026, Leeds City Council 2021 (the councils' open data, Open
Government Licence v3.0), with one total for each council and year. A blank cell is nobody, not asked, or hidden by the
council: the file does not say which."""
    for threshold in THRESHOLDS:
        small = [count for table in tables for count in table.cells.values() if count and count < threshold]
        outcomes = [hidden_by_the_engine(table, threshold) for table in tables]
        hidden, exact = (sum(column) for column in zip(*outcomes, strict=True))
        yield (
            f"**Under a threshold of {threshold}**: {len(small)} published counts are from 1 to {threshold - 1}. Put"
            f" through the engine, the same tables hide {hidden} rows, of which a reader works out {exact}."
        )
    short = [(name, table, given_away(table)) for name, table in zip(years, tables, strict=True) if table.short]
    told = [each for each in short if each[2]]
    rows = [
        f"| {name} | {NAMES.get(table.characteristic, table.characteristic)} | {table.short} | {len(table.blank)} | "
        f"{', '.join(f'{NAMES.get(code, code)} is {count}' for code, count in known.items()) or 'none exactly'} |"
        for name, table, known in short
    ]
    yield (
        f"No table shows a count below 5. But {_in_words(len(short))} fall short of the total, so somebody is in a"
        f" blank cell; in {_in_words(len(told))} there is one blank cell only, and its count follows by subtraction:"
    )
    yield "\n".join(
        ["| council, year | table | short by | blank cells | worked out |", "| --- | --- | --: | --: | --- |", *rows]
    )


def _in_words(number: int) -> str:
    words = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[number] if number < len(words) else str(number)


def _workforce() -> Iterator[str]:
    yield f"""## A made-up workforce of {PEOPLE:,} people

Nobody in it is real. Six linked tables a year ({"; ".join(" by ".join(table) for table in TABLES)}),
ethnicity in 18 groups and in 5, every margin shown, for three years in which a tenth leave and as many join. Counts of
1 to 4 are too small to show. Three ways to publish them:

1. **small counts blanked**, as a spreadsheet formula does it;
2. **each table on its own** made safe, as with most tools: nothing hidden follows from the table that it is in;
3. **all together**, through the engine.

A reader of the first kind knows that nobody is counted below zero; of the second, also that a hidden cell holds
somebody; of the third, also that they are alone in some hidden cell themselves."""
    rows = []
    for year, columns in workforces():
        for name, way in (
            ("small counts blanked", small_counts_only),
            ("each table on its own", each_table_alone),
            ("all together", together),
        ):
            found = way(columns)
            recovered = " | ".join(str(found.recovered[each]) for each in Attacker)
            rows.append(f"| {year} | {name} | {found.hidden} | {recovered} |")
    yield "\n".join(
        [
            "| year | way | cells hidden | worked out by the first reader | second | third |",
            "| --- | --- | --: | --: | --: | --: |",
            *rows,
        ]
    )


def main() -> int:
    written = page()
    if "--check" in sys.argv:
        return 0 if PAGE.read_text(encoding="utf-8") == written else 1
    PAGE.write_text(written, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

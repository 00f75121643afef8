"""Write the inputs and the anchor's figures of the disclosure benchmark in our own compact layout.

    python scripts/carry_over_disclosure_bench.py SOURCE_FOLDER

SOURCE_FOLDER is the benchmark as its makers lay it out: `inputs/`, `anchor_patterns/`, `anchor_intervals/` and one
table file for each set. What is written: the three workforces (synthetic, no real person) packed, the sets in one file,
and for each set and size the cells that the anchor hides, with the range that readers A and B deduce. Whatever does not
check stops the script and nothing is written.
"""

import csv
import gzip
import io
import sys
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent / "stats" / "tests" / "reference" / "disclosure"
SIZES = (2_000, 20_000, 200_000)
SETS = ("a", "b", "c")
HIDDEN = {"a": (904, 1_119, 673), "b": (280, 109, 28), "c": (1_015, 476, 131)}  # as the makers count them
INDENT = "    "

Rows = list[list[str]]


def main(source: Path) -> None:
    files = {"sets.toml": _sets(source)}
    for size in SIZES:
        files[f"cells_{size}.csv.gz"] = _packed(_inputs(source / "inputs" / f"cells_{size}.csv", size))
    for name in SETS:
        for size, hidden in zip(SIZES, HIDDEN[name], strict=True):
            files[f"{name}_{size}.csv"] = _text(_anchor(source, name, size, hidden)).encode()
    HERE.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (HERE / name).write_bytes(content)
        print(f"{name}: {len(content):,} bytes")


def _sets(source: Path) -> bytes:
    lines = ["# The sets of linked tables of the benchmark, each with all its margins; written by a script."]
    for name in SETS:
        with (source / f"{name}.toml").open("rb") as file:
            asked = tomllib.load(file)
        if asked["hierarchies"] != {"ethnicity": ["ethgroup", "ethnicity"]}:
            raise SystemExit(f"{name}.toml has other hierarchies than it had: {asked['hierarchies']}")
        tables = [INDENT + "[" + ", ".join(f'"{each}"' for each in table) + "]," for table in asked["tables"]]
        lines += ["", f"{name} = [", *tables, "]"]
    return "\n".join([*lines, ""]).encode()


def _inputs(file: Path, size: int) -> Rows:
    rows = _read(file)
    people = sum(int(row[-1]) for row in rows[1:])
    if rows[0][-1] != "n" or people != size:
        raise SystemExit(f"{file.name} has {people} people, wanted {size}")
    return rows


def _anchor(source: Path, name: str, size: int, hidden: int) -> Rows:
    """Of every cell that the anchor hides: its codes and the two ranges."""
    pattern = _by_codes(source / "anchor_patterns" / f"{name}_{size}.csv")
    wanted = {codes for codes, row in pattern.items() if row["suppressed"] == "TRUE"}
    ranges = [_by_codes(source / "anchor_intervals" / f"{name}_{size}_attacker{reader}.csv") for reader in "AB"]
    if len(wanted) != hidden or any(set(each) != wanted for each in ranges):
        raise SystemExit(f"{name}_{size}: pattern and intervals are not of the same {hidden} cells")
    names = [dimension for dimension, _ in next(iter(sorted(wanted)))]
    lines = [
        [*(code for _, code in codes), *(_whole(each[codes][end]) for each in ranges for end in ("lo", "hi"))]
        for codes in sorted(wanted)
    ]
    return [[*names, "low_a", "high_a", "low_b", "high_b"], *lines]


def _by_codes(file: Path) -> dict[tuple[tuple[str, str], ...], dict[str, str]]:
    """Rows by dimension and code, in the same order whatever that of the columns."""
    head, *rows = _read(file)
    other = {"n", "true", "primary", "suppressed", "lo", "hi"}
    found = [dict(zip(head, row, strict=True)) for row in rows]
    return {tuple(sorted((name, row[name]) for name in head if name not in other)): row for row in found}


def _whole(text: str) -> str:
    if float(text) != int(float(text)):
        raise SystemExit(f"{text} is no whole number")
    return str(int(float(text)))


def _read(file: Path) -> Rows:
    with file.open(newline="", encoding="utf-8") as text:
        return list(csv.reader(text))


def _text(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _packed(rows: Rows) -> bytes:
    return gzip.compress(_text(rows).encode(), compresslevel=9, mtime=0)  # the same bytes each time


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))

"""Import the inputs and the reference results of the disclosure benchmark in a compact layout.

    python benchmarks/import_disclosure.py SOURCE_FOLDER

SOURCE_FOLDER is the benchmark as supplied: `inputs/`, `anchor_patterns/`, `anchor_intervals/` and one table file for
each set. The script writes the three synthetic workforces compressed, the sets in one file, and for each set and size
the cells that the reference program suppresses, with the intervals that attackers A and B deduce. If a check fails, the
script stops and writes nothing.
"""

import csv
import gzip
import io
import sys
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

OUTPUT = Path(__file__).resolve().parent.parent / "stats" / "tests" / "reference" / "disclosure"
SIZES = (2_000, 20_000, 200_000)
SETS = ("a", "b", "c")
SUPPRESSED = {"a": (904, 1_119, 673), "b": (280, 109, 28), "c": (1_015, 476, 131)}  # as given with the benchmark
INDENT = "    "

Rows = list[list[str]]


def main(source: Path) -> None:
    files = {"sets.toml": _sets(source)}
    for size in SIZES:
        files[f"cells_{size}.csv.gz"] = _compressed(_inputs(source / "inputs" / f"cells_{size}.csv", size))
    for name in SETS:
        for size, suppressed in zip(SIZES, SUPPRESSED[name], strict=True):
            files[f"{name}_{size}.csv"] = _csv_text(_reference_results(source, name, size, suppressed)).encode()
    OUTPUT.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (OUTPUT / name).write_bytes(content)
        print(f"{name}: {len(content):,} bytes")


def _sets(source: Path) -> bytes:
    lines = ["# The sets of linked tables of the benchmark, each with all its margins; written by a script."]
    for name in SETS:
        with (source / f"{name}.toml").open("rb") as file:
            table_file = tomllib.load(file)
        if table_file["hierarchies"] != {"ethnicity": ["ethgroup", "ethnicity"]}:
            raise SystemExit(f"{name}.toml has unexpected hierarchies: {table_file['hierarchies']}")
        tables = [
            INDENT + "[" + ", ".join(f'"{dimension}"' for dimension in table) + "]," for table in table_file["tables"]
        ]
        lines += ["", f"{name} = [", *tables, "]"]
    return "\n".join([*lines, ""]).encode()


def _inputs(file: Path, size: int) -> Rows:
    rows = _read(file)
    people = sum(int(row[-1]) for row in rows[1:])
    if rows[0][-1] != "n" or people != size:
        raise SystemExit(f"{file.name} has {people} people, expected {size}")
    return rows


def _reference_results(source: Path, name: str, size: int, suppressed: int) -> Rows:
    """The codes of each cell that the reference program suppresses, with its two intervals."""
    pattern = _by_codes(source / "anchor_patterns" / f"{name}_{size}.csv")
    cells = {codes for codes, row in pattern.items() if row["suppressed"] == "TRUE"}
    intervals = [_by_codes(source / "anchor_intervals" / f"{name}_{size}_attacker{attacker}.csv") for attacker in "AB"]
    if len(cells) != suppressed or any(set(interval) != cells for interval in intervals):
        raise SystemExit(f"{name}_{size}: the pattern and the intervals are not for the same {suppressed} cells")
    names = [dimension for dimension, _ in next(iter(sorted(cells)))]
    lines = [
        [
            *(code for _, code in codes),
            *(_whole(interval[codes][end]) for interval in intervals for end in ("lo", "hi")),
        ]
        for codes in sorted(cells)
    ]
    return [[*names, "low_a", "high_a", "low_b", "high_b"], *lines]


def _by_codes(file: Path) -> dict[tuple[tuple[str, str], ...], dict[str, str]]:
    """Rows by dimension and code, sorted, because the order of the columns varies."""
    headings, *rows = _read(file)
    figures = {"n", "true", "primary", "suppressed", "lo", "hi"}
    records = [dict(zip(headings, row, strict=True)) for row in rows]
    return {
        tuple(sorted((name, record[name]) for name in headings if name not in figures)): record for record in records
    }


def _whole(text: str) -> str:
    if float(text) != int(float(text)):
        raise SystemExit(f"{text} is not a whole number")
    return str(int(float(text)))


def _read(file: Path) -> Rows:
    with file.open(newline="", encoding="utf-8") as text:
        return list(csv.reader(text))


def _csv_text(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _compressed(rows: Rows) -> bytes:
    return gzip.compress(_csv_text(rows).encode(), compresslevel=9, mtime=0)  # mtime=0 makes the bytes reproducible


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))

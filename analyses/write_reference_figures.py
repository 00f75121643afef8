"""Write the reference figures of the project from the publishers' files.

    python analyses/write_reference_figures.py SOURCE_FOLDER

SOURCE_FOLDER holds `census2021/adults16_marginals_ltla.csv` (Census 2021, residents aged 16 and over, Office for
National Statistics) and `council_workforce/council_workforce_leeds_calderdale.csv` (the councils' open data), both
under the Open Government Licence v3.0. Only the figures are copied, in the layout of this project and for the areas in
the demonstration. If a total does not match, the script stops and writes nothing.
"""

import csv
import sys
from collections import defaultdict
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "web" / "src" / "evenhand"
CENSUS_OUT = PACKAGE / "evidence" / "data" / "census2021_adults16.csv"
WORKFORCE_OUT = PACKAGE / "demonstration" / "data" / "council_workforce.csv"

AREAS = {"E08000033", "E08000035", "E08000012", "E47000004"}
# Characteristic in the source -> (ours, category code in the source -> ours). Categories with the same code are added.
CENSUS: dict[str, tuple[str, dict[str, str]]] = {
    "sex": ("sex", {"1": "female", "2": "male"}),
    "ethnic group (8)": (
        "ethnicity",
        {"1": "asian", "2": "black", "3": "mixed", "4": "white", "5": "white", "6": "white", "7": "other"},
    ),
    "religion": (
        "religion",
        {
            "1": "no_religion",
            "2": "christian",
            "3": "buddhist",
            "4": "hindu",
            "5": "jewish",
            "6": "muslim",
            "7": "sikh",
            "8": "other",
            "9": "not_answered",
        },
    ),
    "sexual orientation (6)": (
        "sexual_orientation",
        {"1": "straight", "2": "gay_lesbian", "3": "bisexual", "4": "other", "5": "not_answered"},
    ),
    "age band": (
        "age",
        {"2": "16-24", "3": "25-34", "4": "35-44", "5": "45-54", "6": "55-64", "7": "65-74", "8": "75+"},
    ),
    "disability (Equality Act)": ("disability", {"1": "disabled", "2": "disabled", "3": "not_disabled"}),
}
# Residents aged 16 and over in each area, as published. Every table is within 20 of this total, because the publisher
# changes cells slightly for disclosure control.
CHECK_TOTALS = {"E08000033": 166_634, "E08000035": 658_468, "E08000012": 403_028}
CHECK_WITHIN = 20
WORKFORCE_TOTALS = {("Calderdale Council", "2026"): 2_779, ("Leeds City Council", "2021-10"): 14_107}


def main(source: Path) -> None:
    census = read_census(source / "census2021" / "adults16_marginals_ltla.csv")
    workforce = read_workforce(source / "council_workforce" / "council_workforce_leeds_calderdale.csv")
    CENSUS_OUT.parent.mkdir(parents=True, exist_ok=True)
    WORKFORCE_OUT.parent.mkdir(parents=True, exist_ok=True)
    write(CENSUS_OUT, census)
    write(WORKFORCE_OUT, workforce)


def read_census(file: Path) -> list[list[object]]:
    counts: defaultdict[tuple[str, str, str, str], int] = defaultdict(int)
    with file.open(newline="", encoding="utf-8") as text:
        for row in csv.DictReader(text):
            if row["area_code"] in AREAS and row["characteristic"] in CENSUS:
                ours, categories = CENSUS[row["characteristic"]]
                key = (row["area_code"], row["area_name"], ours, categories[row["category_code"]])
                counts[key] += int(row["n"])
    totals: defaultdict[tuple[str, str], int] = defaultdict(int)
    for (code, _name, ours, _category), count in counts.items():
        totals[code, ours] += count
    for code, expected in CHECK_TOTALS.items():
        for ours, _categories in CENSUS.values():
            if abs(totals[code, ours] - expected) > CHECK_WITHIN:
                raise SystemExit(f"{code} by {ours} adds up to {totals[code, ours]}, expected about {expected}")
    rows = [[*key, count] for key, count in counts.items()]
    return [["area_code", "area_name", "characteristic", "category", "count"], *rows]


def read_workforce(file: Path) -> list[list[object]]:
    with file.open(newline="", encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    for row in rows:
        expected = WORKFORCE_TOTALS.get((row["organisation"], row["published"]))
        if expected is not None and float(row["employees"]) != expected:
            raise SystemExit(f"{row['organisation']} {row['published']} has {row['employees']}, expected {expected}")
    filled = [column for column in rows[0] if any(row[column] for row in rows)]
    written = [[whole(row[column]) for column in filled] for row in rows]
    return [list(filled), *written]


def whole(text: str) -> object:
    """2779.0 as 2779; any other text unchanged."""
    return int(float(text)) if text.endswith(".0") else text


def write(file: Path, rows: list[list[object]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as text:
        csv.writer(text, lineterminator="\n").writerows(rows)
    print(f"{file.relative_to(PACKAGE)}: {len(rows) - 1} rows")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))

"""Calculates workforce representation from the two source files without using any code of the project.

An independent oracle for the tests, from the files to the finding.
"""

import csv
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "evenhand"
WORKFORCE = PACKAGE / "demonstration" / "data" / "council_workforce.csv"
CENSUS = PACKAGE / "evidence" / "data" / "census2021_adults16.csv"
AREAS = {"Calderdale Council": "E08000033", "Leeds City Council": "E08000035"}
# characteristic -> {column in the file: category in the Census figures}
GROUPS = {
    "sex": {"gender_female": "female", "gender_male": "male"},
    "ethnicity": {f"ethnicity_{group}": group for group in ("white", "mixed", "asian", "black", "other")},
    "religion": {
        "religion_no": "no_religion",
        **{
            f"religion_{group}": group
            for group in ("christian", "buddhist", "hindu", "jewish", "muslim", "sikh", "other")
        },
    },
    "sexual_orientation": {
        "sexuality_straight": "straight",
        "sexuality_gaylesbian": "gay_lesbian",
        "sexuality_bisexual": "bisexual",
        "sexuality_usedifferentterm": "other",
    },
}
NOT_KNOWN = {
    "sex": ("gender_prefernottosay", "gender_undisclosed"),
    "ethnicity": ("ethnicity_prefernottosay", "ethnicity_undisclosed"),
    "religion": ("religion_prefernottosay", "religion_undisclosed"),
    "sexual_orientation": ("sexuality_prefernottosay", "sexuality_undisclosed"),
}
Z = 1.959963984540054


@dataclass(frozen=True)
class FiguresByHand:
    count: int
    share: float
    low: float
    high: float
    residents: float
    index: float
    index_low: float
    index_high: float
    gap: float
    finding: str


def rows() -> list[dict[str, str]]:
    with WORKFORCE.open(newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))


def counts(organisation: str, period: str) -> dict[str, int]:
    """Column -> count, for the cells of one row that are not blank."""
    row = next(row for row in rows() if (row["organisation"], row["published"]) == (organisation, period))
    return {column: int(cell) for column, cell in row.items() if cell.isdigit() and column != "published"}


def residents(area: str, characteristic: str) -> dict[str, float]:
    with CENSUS.open(newline="", encoding="utf-8") as text:
        census_counts = {
            row["category"]: int(row["count"])
            for row in csv.DictReader(text)
            if (row["area_code"], row["characteristic"]) == (area, characteristic) and row["category"] != "not_answered"
        }
    return {category: count / sum(census_counts.values()) for category, count in census_counts.items()}


def representation(organisation: str, period: str, characteristic: str) -> dict[str, FiguresByHand]:
    """Category -> figures, for the categories that have a count in the file."""
    cells = counts(organisation, period)
    answered = {category: cells[column] for column, category in GROUPS[characteristic].items() if column in cells}
    n = sum(answered.values())
    shares = residents(AREAS[organisation], characteristic)
    return {category: figures_of(x, n, shares[category]) for category, x in answered.items()}


def figures_of(x: int, n: int, expected: float) -> FiguresByHand:
    """The figures of a group of `x` among `n` people who answered, whose share of residents is `expected`."""
    centre = (x + Z * Z / 2) / (n + Z * Z)
    half = Z / (n + Z * Z) * sqrt(x * (n - x) / n + Z * Z / 4)
    low, high = centre - half, centre + half
    index, index_low, index_high = x / n / expected, low / expected, high / expected
    includes_one = index_low <= 1 <= index_high
    if includes_one and (index_low <= 0 or index_high / index_low > 4):
        finding = "too_few"
    elif 0.8 <= index <= 1.25:
        finding = "no_evidence"
    else:
        finding = "watch" if includes_one else "disparity"
    return FiguresByHand(x, x / n, low, high, expected, index, index_low, index_high, n * expected - x, finding)

"""Reference figures that a workforce is compared with, supplied with the project as data files.

Census 2021, residents aged 16 and over. `analyses/write_reference_figures.py` writes the file from the source and
checks its totals. The TOML file of the same name gives the publisher, the licence and the date of retrieval.
"""

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from evenstat.measures import ComparisonBasis, NonResponse

_FILE = "census2021_adults16"


@dataclass(frozen=True)
class Benchmark:
    """The residents of one area by one characteristic, excluding those who did not answer."""

    area_code: str
    area_name: str
    characteristic: str
    counts: dict[str, int]
    not_answered: int
    basis: ComparisonBasis

    @property
    def answered(self) -> int:
        return sum(self.counts.values())

    @property
    def not_answered_share(self) -> float:
        return self.not_answered / (self.answered + self.not_answered)

    def share(self, category: str) -> float | None:
        """The category's share of those who answered, or None if the Census has no such category."""
        count = self.counts.get(category)
        return None if count is None else count / self.answered


@dataclass(frozen=True)
class ReferenceSource:
    """The source of a file of reference figures."""

    title: str
    publisher: str
    licence: str
    retrieved_on: date
    tables: str
    note: str


@dataclass(frozen=True)
class CopiedArea:
    """An invented area that is given the figures of a real one."""

    name: str
    copied_from: str


class NoBenchmark(LookupError):
    """There are no reference figures for this area and characteristic."""


def benchmark(area_code: str, characteristic: str) -> Benchmark:
    try:
        return _benchmarks()[area_code, characteristic]
    except KeyError as error:
        raise NoBenchmark(f"We do not hold any Census 2021 figures for {area_code} by {characteristic}.") from error


def copied_area(area_code: str) -> CopiedArea | None:
    """Whose figures an invented area has. None for a real area."""
    copy = _copies().get(area_code)
    return CopiedArea(copy["area_name"], next(_benchmarks_of(copy["of"])).area_name) if copy else None


@cache
def reference_source() -> ReferenceSource:
    return ReferenceSource(**_description()["source"])


@cache
def _description() -> dict[str, Any]:
    return tomllib.loads(_read(f"{_FILE}.toml"))


@cache
def _benchmarks() -> dict[tuple[str, str], Benchmark]:
    counts: dict[tuple[str, str], dict[str, int]] = {}
    names: dict[str, str] = {}
    for row in csv.DictReader(_read(f"{_FILE}.csv").splitlines()):
        names[row["area_code"]] = row["area_name"]
        counts.setdefault((row["area_code"], row["characteristic"]), {})[row["category"]] = int(row["count"])
    bases = {key: _basis(**basis) for key, basis in _description()["basis"].items()}
    published = {
        (code, characteristic): Benchmark(
            area_code=code,
            area_name=names[code],
            characteristic=characteristic,
            counts={category: n for category, n in all_counts.items() if category != "not_answered"},
            not_answered=all_counts.get("not_answered", 0),
            basis=bases[characteristic],
        )
        for (code, characteristic), all_counts in counts.items()
    }
    copies = {
        (code, original.characteristic): replace(original, area_code=code, area_name=copy["area_name"])
        for code, copy in _copies().items()
        for original in published.values()
        if original.area_code == copy["of"]
    }
    return published | copies


def _copies() -> dict[str, dict[str, str]]:
    copies: dict[str, dict[str, str]] = _description()["copies"]
    return copies


def _benchmarks_of(area_code: str) -> Iterator[Benchmark]:
    return (benchmark for (code, _), benchmark in _benchmarks().items() if code == area_code)


def _basis(*, non_response: str, **basis: Any) -> ComparisonBasis:
    return ComparisonBasis(**basis, age_to=None, non_response=NonResponse(non_response))


def _read(name: str) -> str:
    return resources.files("evenhand.evidence").joinpath("data", name).read_text(encoding="utf-8")

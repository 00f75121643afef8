"""Groups that are the majority, or better placed, in the population at large. Each has a reason and a source."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from evenstat.standards import standard


@dataclass(frozen=True)
class MajorityGroup:
    """A category of a characteristic, why it counts as a majority or better placed, and the source that says so."""

    characteristic: str
    category: str
    reason: str
    source: str

    @property
    def label(self) -> str:
        return standard(self.characteristic).label(self.category)


def majority_group(characteristic: str, category: str) -> MajorityGroup | None:
    """The group, or None if it is not a majority: a shortfall then means that people may be left behind."""
    return _groups().get((characteristic, category))


def majority_groups() -> tuple[MajorityGroup, ...]:
    """All of them, in the order of the characteristics."""
    return tuple(_groups().values())


@cache
def _groups() -> dict[tuple[str, str], MajorityGroup]:
    text = resources.files("evenhand.evidence").joinpath("data", "majority_groups.toml").read_text(encoding="utf-8")
    groups = [MajorityGroup(**entry) for entry in tomllib.loads(text)["group"]]
    for group in groups:
        standard(group.characteristic).label(group.category)  # raises UnknownCategory
    return {(group.characteristic, group.category): group for group in groups}

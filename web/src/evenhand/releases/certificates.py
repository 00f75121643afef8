"""The certificate of a publication: what each kind of reader was tried on, with what else they hold, and what is left.

It is made from the stored tables, and it trusts nothing of how they were protected. Of readers who are alone in a
hidden row it says only that they work nothing out: how close they come would show that there are such rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

import numpy as np

from evenhand.releases import linked
from evenhand.releases.audits import digest
from evenhand.releases.tables import PublishedTable
from evenstat.disclosure import Attacker, Audited, Layout, LinkedTables, audit

FORMAT = 1


class UnknownCertificate(ValueError):
    """The stored certificate has a shape that this version does not know: a later one gave it."""


@dataclass(frozen=True)
class Narrowest:
    """The hidden figure that a reader comes closest to: it is from `low` to `high`, for all that they can tell."""

    characteristic: str
    code: str
    low: int
    high: int


@dataclass(frozen=True)
class Tried:
    """What one kind of reader works out: how many hidden figures exactly, and the closest that they come.

    `narrowest` is None where nothing is hidden, and for readers of kind C, of whom it is never said.
    """

    attacker: str
    exact: int
    narrowest: Narrowest | None


@dataclass(frozen=True)
class Beside:
    """A publication of the same people that was out already, and so was tried together with this one."""

    id: str
    title: str


@dataclass(frozen=True)
class YearTried:
    """All that is out of one year, this publication's tables and earlier ones, tried as one."""

    period: str
    snapshot: str
    figures: int
    hidden: int
    readers: tuple[Tried, ...]
    beside: tuple[Beside, ...]
    solver: str

    @property
    def passed(self) -> bool:
        return not any(each.exact for each in self.readers)


@dataclass(frozen=True)
class Certificate:
    """`content_sha256` is of the tables that it was given for: it says nothing of any others."""

    policy: str
    content_sha256: str
    made_at: str
    version: str
    years: tuple[YearTried, ...]

    @property
    def passed(self) -> bool:
        return bool(self.years) and all(each.passed for each in self.years)

    @property
    def solver(self) -> str:
        return self.years[0].solver

    @property
    def hidden(self) -> int:
        return sum(each.hidden for each in self.years)

    @property
    def figures(self) -> int:
        return sum(each.figures for each in self.years)

    @property
    def beside(self) -> tuple[Beside, ...]:
        """Every earlier publication that was taken into account, once."""
        return tuple(dict.fromkeys(beside for year in self.years for beside in year.beside))

    @property
    def made_on(self) -> datetime:
        return datetime.fromisoformat(self.made_at)

    def exact(self, attacker: Attacker) -> int:
        """How many hidden figures readers of this kind work out."""
        return sum(each.exact for year in self.years for each in year.readers if each.attacker == attacker)

    def closest(self, attacker: Attacker) -> tuple[YearTried, Narrowest] | None:
        """The closest that readers of this kind come to any hidden figure, and in which year."""
        tried = [
            (year, each.narrowest)
            for year in self.years
            for each in year.readers
            if each.attacker == attacker and each.narrowest
        ]
        return min(tried, key=lambda each: each[1].high - each[1].low, default=None)

    def to_json(self) -> dict[str, Any]:
        return {"format": FORMAT, "passed": self.passed, **asdict(self)}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        if content["format"] != FORMAT:
            raise UnknownCertificate(f"This version reads certificates of format {FORMAT}, not {content['format']}.")
        kept = {key: value for key, value in content.items() if key not in ("format", "passed", "years")}
        return cls(**kept, years=tuple(_year(each) for each in content["years"]))


def try_year(
    period: str,
    snapshot: str,
    tables: Sequence[PublishedTable],
    truth: LinkedTables,
    *,
    out: Sequence[PublishedTable] = (),
    beside: Sequence[Beside] = (),
) -> YearTried:
    """Set each kind of reader on the tables of one year, with those of it that are out already.

    The true counts are used for one thing: to know who is alone in a hidden row, and so which rows they know.
    """
    everything = linked.publication(truth.shape, [*tables, *out])
    found = {attacker: audit(everything, attacker, alone=truth.alone) for attacker in Attacker}
    return YearTried(
        period=period,
        snapshot=snapshot,
        figures=len(truth.shape),
        hidden=int(everything.hidden.sum()),
        readers=tuple(_tried(each, truth.shape) for each in found.values()),
        beside=tuple(beside),
        solver=found[Attacker.C].solver,
    )


def content_digest(contents: Iterable[Any]) -> str:
    return digest(list(contents))


def _tried(found: Audited, shape: Layout) -> Tried:
    narrowest = None if found.attacker is Attacker.C else _narrowest(found, shape)
    return Tried(attacker=found.attacker.value, exact=len(found.exact), narrowest=narrowest)


def _narrowest(found: Audited, shape: Layout) -> Narrowest | None:
    if not len(found.cells):
        return None
    at = int(np.argmin(found.high - found.low))  # nothing is without a limit, because the total is printed
    characteristic, code = linked.where(shape, int(found.cells[at]))
    return Narrowest(characteristic, code, int(found.low[at]), int(found.high[at]))


def _year(content: dict[str, Any]) -> YearTried:
    readers = tuple(
        Tried(each["attacker"], each["exact"], Narrowest(**each["narrowest"]) if each["narrowest"] else None)
        for each in content["readers"]
    )
    beside = tuple(Beside(**each) for each in content["beside"])
    return YearTried(**{**content, "readers": readers, "beside": beside})

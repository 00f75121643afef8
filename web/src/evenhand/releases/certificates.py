"""The certificate of a publication: which attackers it was checked against, with what prior knowledge, and the result.

The check reads the stored tables and does not rely on how they were protected. For an attacker who is the only person
in a suppressed row, the certificate says only that they can't work out any figure exactly. The narrowest range that
they can find would reveal that such rows exist.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

import numpy as np

from evenhand.releases import linked
from evenhand.releases.audits import digest
from evenhand.releases.tables import PublishedTable
from evenstat.disclosure import Attacker, DisclosureAudit, Layout, LinkedTables, audit

FORMAT = 1


class UnknownCertificateFormat(ValueError):
    """The stored certificate has a format that this version does not support: a later version created it."""


@dataclass(frozen=True)
class NarrowestRange:
    """The suppressed figure that an attacker can narrow down most: it is between `low` and `high`."""

    characteristic: str
    code: str
    low: int
    high: int


@dataclass(frozen=True)
class AttackerResult:
    """How many suppressed figures one type of attacker can work out exactly, and the narrowest range they can find.

    `narrowest` is None if nothing is suppressed, and always for singleton attackers, because it must not be published.
    """

    attacker: str
    exact: int
    narrowest: NarrowestRange | None


@dataclass(frozen=True)
class PriorRelease:
    """An earlier publication of figures about the same people, which was checked together with this one."""

    id: str
    title: str


@dataclass(frozen=True)
class YearCheck:
    """The check of one year: the tables of this publication and of prior releases, as one set."""

    period: str
    snapshot: str
    figures: int
    hidden: int
    attackers: tuple[AttackerResult, ...]
    prior_releases: tuple[PriorRelease, ...]
    solver: str

    @property
    def passed(self) -> bool:
        return not any(result.exact for result in self.attackers)


@dataclass(frozen=True)
class Certificate:
    """`content_sha256` is the digest of the tables that were checked. The certificate is not valid for any others."""

    policy: str
    content_sha256: str
    made_at: str
    version: str
    years: tuple[YearCheck, ...]

    @property
    def passed(self) -> bool:
        return bool(self.years) and all(year.passed for year in self.years)

    @property
    def solver(self) -> str:
        return self.years[0].solver

    @property
    def hidden(self) -> int:
        return sum(year.hidden for year in self.years)

    @property
    def figures(self) -> int:
        return sum(year.figures for year in self.years)

    @property
    def prior_releases(self) -> tuple[PriorRelease, ...]:
        """Every prior release that was taken into account, without duplicates."""
        return tuple(dict.fromkeys(release for year in self.years for release in year.prior_releases))

    @property
    def made_on(self) -> datetime:
        return datetime.fromisoformat(self.made_at)

    def exact(self, attacker: Attacker) -> int:
        """How many suppressed figures this type of attacker can work out exactly."""
        return sum(result.exact for year in self.years for result in year.attackers if result.attacker == attacker)

    def narrowest(self, attacker: Attacker) -> tuple[YearCheck, NarrowestRange] | None:
        """The narrowest range that this type of attacker can find for any suppressed figure, and in which year."""
        ranges = [
            (year, result.narrowest)
            for year in self.years
            for result in year.attackers
            if result.attacker == attacker and result.narrowest
        ]
        return min(ranges, key=lambda year_and_range: year_and_range[1].high - year_and_range[1].low, default=None)

    def to_json(self) -> dict[str, Any]:
        fields = {key: value for key, value in asdict(self).items() if key != "years"}
        return {
            "format": FORMAT,
            "passed": self.passed,
            **fields,
            "years": [_year_to_json(year) for year in self.years],
        }

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        if content["format"] != FORMAT:
            raise UnknownCertificateFormat(
                f"This version reads certificates of format {FORMAT}, not {content['format']}."
            )
        fields = {key: value for key, value in content.items() if key not in ("format", "passed", "years")}
        return cls(**fields, years=tuple(_year_from_json(year) for year in content["years"]))


def check_year(
    period: str,
    snapshot: str,
    tables: Sequence[PublishedTable],
    truth: LinkedTables,
    *,
    prior: Sequence[PublishedTable] = (),
    prior_releases: Sequence[PriorRelease] = (),
) -> YearCheck:
    """Check the tables of one year, together with its published tables, against each type of attacker.

    The true counts are used only to find the rows with a single person, and so the rows that such a person knows.
    """
    publication = linked.combined_publication(truth.shape, [*tables, *prior])
    audits = {attacker: audit(publication, attacker, singletons=truth.singletons) for attacker in Attacker}
    return YearCheck(
        period=period,
        snapshot=snapshot,
        figures=len(truth.shape),
        hidden=int(publication.suppressed.sum()),
        attackers=tuple(_attacker_result(result, truth.shape) for result in audits.values()),
        prior_releases=tuple(prior_releases),
        solver=audits[Attacker.SINGLETON].solver,
    )


def content_digest(contents: Iterable[Any]) -> str:
    return digest(list(contents))


def _attacker_result(audited: DisclosureAudit, shape: Layout) -> AttackerResult:
    narrowest = None if audited.attacker is Attacker.SINGLETON else _narrowest(audited, shape)
    return AttackerResult(attacker=audited.attacker.value, exact=len(audited.exactly_disclosed), narrowest=narrowest)


def _narrowest(audited: DisclosureAudit, shape: Layout) -> NarrowestRange | None:
    if not len(audited.cells):
        return None
    index = int(np.argmin(audited.high - audited.low))  # every range is finite, because the total is published
    characteristic, code = linked.cell_name(shape, int(audited.cells[index]))
    return NarrowestRange(characteristic, code, int(audited.low[index]), int(audited.high[index]))


def _year_to_json(year: YearCheck) -> dict[str, Any]:
    """The keys of the published format: attackers are `readers`, and prior releases are `beside`."""
    fields = asdict(year)
    keys = {"attackers": "readers", "prior_releases": "beside"}
    return {keys.get(name, name): value for name, value in fields.items()}


def _year_from_json(content: dict[str, Any]) -> YearCheck:
    fields = {key: value for key, value in content.items() if key not in ("readers", "beside")}
    attackers = tuple(
        AttackerResult(
            result["attacker"], result["exact"], NarrowestRange(**result["narrowest"]) if result["narrowest"] else None
        )
        for result in content["readers"]
    )
    releases = tuple(PriorRelease(**release) for release in content["beside"])
    return YearCheck(**fields, attackers=attackers, prior_releases=releases)

"""Prior releases compared with the true counts: what they show, what they suppress, and what they disclose by
themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from evenstat.disclosure.auditing import DisclosureAudit, audit
from evenstat.disclosure.policies import Attacker, Policy
from evenstat.disclosure.tables import (
    Flags,
    Integers,
    Layout,
    LinkedTables,
    Publication,
    TrueCounts,
    combine,
    combine_layouts,
    known_figures,
    suppress_cells,
)
from evenstat.errors import InvalidCount

MAX_LISTED = 5


@dataclass(frozen=True, eq=False)
class ReleaseContext:
    """New tables and all prior releases, over one layout. Arrays have one value for each cell of `tables`.

    `small_by_differencing` are small groups that no table shows but that differencing two tables would reveal.
    `derivable` cells can be worked out from prior releases; `disclosed` cells should not be. Such a cell of the new
    tables is suppressed.
    """

    new: Layout
    places: Integers
    tables: LinkedTables
    prior: Publication
    prior_releases: tuple[Publication, ...]
    by_differencing: Flags
    small_by_differencing: Flags
    derivable: Flags
    disclosed: Flags

    @property
    def printed(self) -> Flags:
        """Cells whose counts are shown in a prior release."""
        printed_cells: Flags = (
            ~self.prior.suppressed & ~self.prior.shape.unpublished & (self.prior.low == self.prior.high)
        )
        return printed_cells

    @property
    def must_protect(self) -> Flags:
        """Cells to protect besides the primary ones."""
        return (self.prior.suppressed | self.small_by_differencing) & ~self.disclosed

    def with_new(self, publication: Publication) -> Publication:
        return combine([publication, *self.prior_releases])

    def publication(self, suppressed: Flags, policy: Policy) -> Publication:
        """The new tables with these cells suppressed."""
        counts = self.tables.counts[self.places]
        zeros_shown = policy.zeros_shown and not (suppressed & (counts == 0)).any()
        return suppress_cells(self.new, counts, suppressed, zeros_shown=zeros_shown)

    def leaks(self, publication: Publication, results: Sequence[DisclosureAudit]) -> Integers:
        """Cells that must be protected but are disclosed, although prior releases protect them."""
        must = (publication.suppressed | self.small_by_differencing) & ~self.disclosed
        exactly_disclosed = np.unique(
            np.concatenate([np.zeros(0, dtype=np.int64), *(audited.exactly_disclosed for audited in results)])
        )
        leaked: Integers = exactly_disclosed[must[exactly_disclosed]]
        return leaked

    def audits(self, publication: Publication, attackers: Sequence[Attacker]) -> tuple[DisclosureAudit, ...]:
        """Audits against these attackers over all tables, including cells derivable by differencing."""
        return audits(publication, self.by_differencing, self.tables, attackers)


def release_context(
    new: Layout, truth: TrueCounts, prior_releases: Sequence[Publication], policy: Policy, attackers: Sequence[Attacker]
) -> ReleaseContext:
    """The new tables together with prior releases.

    Raises:
        InvalidCount: a prior release differs from the true counts, so it is about other people.
    """
    combined = combine_layouts([new, *(release.shape for release in prior_releases)])
    tables = truth.over(combined.shape)
    prior = combine([known_figures(new, {}), *prior_releases])
    _refuse_other_people(prior, tables.counts)
    small = np.array([policy.covers(int(count)) for count in tables.counts])
    small_by_differencing = combined.by_differencing & small
    derivable = np.zeros(len(tables.counts), dtype=bool)
    if prior_releases:
        for audited in audits(prior, np.ones(len(tables.counts), dtype=bool), tables, attackers):
            derivable[audited.exactly_disclosed] = True
    disclosed = derivable & (prior.suppressed | small)
    by_differencing, places = combined.by_differencing, combined.places[0]
    return ReleaseContext(
        new, places, tables, prior, tuple(prior_releases), by_differencing, small_by_differencing, derivable, disclosed
    )


def attackers_up_to(attacker: Attacker) -> tuple[Attacker, ...]:
    return tuple(kind for kind in Attacker if kind <= attacker)


def audits(
    publication: Publication, also_audited: Flags, tables: LinkedTables, attackers: Sequence[Attacker]
) -> tuple[DisclosureAudit, ...]:
    """What each attacker can derive about suppressed cells and about these unpublished cells."""
    unprinted = publication.shape.unpublished & also_audited
    shape = replace(publication.shape, unpublished=publication.shape.unpublished & ~also_audited)
    results = []
    for attacker in attackers:
        # It does not apply to unpublished cells: they may be 0.
        lower_bound = int(publication.zeros_shown and attacker is not Attacker.NON_NEGATIVE)
        low = np.where(publication.suppressed, np.maximum(publication.low, lower_bound), publication.low)
        attacker_view = Publication(shape, low, publication.high, publication.suppressed | unprinted, zeros_shown=False)
        results.append(audit(attacker_view, attacker, singletons=tables.singletons))
    return tuple(results)


def _refuse_other_people(prior: Publication, counts: Integers) -> None:
    wrong = (counts < prior.low) | (counts > prior.high) | (prior.suppressed & (counts == 0) & prior.zeros_shown)
    cells = np.flatnonzero(wrong).tolist()
    if cells:
        differences = "; ".join(f"{prior.shape.named(cell)} is {counts[cell]} now" for cell in cells[:MAX_LISTED])
        more = f"; and {len(cells) - MAX_LISTED} more" if len(cells) > MAX_LISTED else ""
        raise InvalidCount(
            f"A prior release has different counts for these cells: {differences}{more}. Give the records from which it"
            " was made. If it is about another year, give it as the previous year."
        )

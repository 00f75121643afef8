"""Checks whether a further table can be published: the same people in other groups, in addition to all the tables of
their year that are already published.

A merged row that can be derived from published figures is already known. Any other merged row must not reveal a
suppressed figure: rows that would are suppressed. If no row is left to show, the table can't be published, and the
result lists the figures that it would disclose.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from evenhand.releases import linked
from evenhand.releases.engine import true_tables
from evenhand.releases.groupings import MergedRow
from evenhand.releases.tables import PublishedTable
from evenstat.disclosure import Attacker, LinkedTables, Policy, Publication, audit, suppress_cells
from evenstat.disclosure.single_tables import CountTable
from evenstat.disclosure.successive_releases import SearchOptions, UnpublishableTables, protect_next
from evenstat.disclosure.tables import Tabulated

FIRST_PATTERN = 1  # the first safe pattern is enough: a merged row is either shown or not
MAX_ALTERNATIVES = 40  # how many other groupings to try when looking for the closest one that can be published


class RowOutcome(StrEnum):
    """What would happen to a row of the new table."""

    SHOWN = "shown"
    DERIVABLE = "known"  # it is the sum of published figures
    SUPPRESSED = "hidden"


@dataclass(frozen=True)
class AdditionalTableResult:
    """Whether the table can be published. `outcomes` covers merged rows only: all other rows stay as published.

    `disclosed`: characteristic and code of the figures that an attacker could work out if the merged rows were shown.
    `only_by_singletons`: only an attacker who is the only person in a suppressed row could do so.
    """

    possible: bool
    outcomes: Mapping[str, RowOutcome]
    disclosed: tuple[tuple[str, str], ...]
    only_by_singletons: bool

    @property
    def adds_information(self) -> bool:
        """Whether the table shows anything that can't be derived from published figures."""
        return RowOutcome.SHOWN in self.outcomes.values()


@dataclass(frozen=True)
class AdditionalTableCheck:
    """The published tables of one year, their true counts, and the characteristic to publish in other groups."""

    characteristic: str
    prior: tuple[PublishedTable, ...]
    counts: Mapping[str, CountTable]
    policy: Policy

    def check(self, merged: Sequence[MergedRow]) -> AdditionalTableResult:
        """Check whether the table can be published with these categories merged."""
        codes = {cell.code for cell in self.counts[self.characteristic].cells}
        merged = [row for row in merged if codes & set(row.categories)]
        truth = true_tables(self.counts, {self.characteristic: merged})
        cells = {row.code: linked.cell_number(truth.shape, self.characteristic, row.code) for row in merged}
        publication = self._prior_publication(truth, cells)
        derivable = _derivable(publication, cells)
        publication = _with_cells(truth, publication, [cells[code] for code in derivable])
        new_cells = {code: cell for code, cell in cells.items() if code not in derivable}
        disclosed, only_by_singletons = self._disclosed(truth, publication, new_cells)
        shown = self._shown(truth, new_cells)
        outcomes = {row.code: _outcome(row.code, derivable, shown) for row in merged}
        return AdditionalTableResult(bool(shown) or not new_cells, outcomes, disclosed, only_by_singletons)

    def closest_possible(self, merged: MergedRow) -> MergedRow | None:
        """The grouping that can be published and differs in the fewest categories, if one is found."""
        for categories in self._similar_groupings(merged):
            candidate = MergedRow(merged.code, merged.label, categories)
            if self.check([candidate]).possible:
                return candidate
        return None

    def _similar_groupings(self, merged: MergedRow) -> Iterator[tuple[str, ...]]:
        """Other sets of categories, the most similar first. Never a whole group, because that is its subtotal."""
        table = self.counts[self.characteristic]
        tried = 0
        for group in (table.answered, table.not_known):
            codes = [cell.code for cell in group]
            if not any(code in merged.categories for code in codes):
                continue
            candidates = (subset for size in range(2, len(codes)) for subset in combinations(codes, size))
            for categories in sorted(candidates, key=lambda subset: len(set(subset) ^ set(merged.categories))):
                if set(categories) != set(merged.categories) and tried < MAX_ALTERNATIVES:
                    tried += 1
                    yield categories

    def _prior_publication(self, truth: LinkedTables, cells: Mapping[str, int]) -> Publication:
        """The published tables. A merged row counts as published if all of its categories are published."""
        publication = linked.combined_publication(truth.shape, self.prior)
        merged = set(cells.values())
        sums_of_published = [
            parent
            for parent, parts in truth.shape.sums()
            if parent in merged and not publication.suppressed[parts].any()
        ]
        return _with_cells(truth, publication, sums_of_published)

    def _disclosed(
        self, truth: LinkedTables, publication: Publication, new_cells: Mapping[str, int]
    ) -> tuple[tuple[tuple[str, str], ...], bool]:
        """The figures disclosed exactly if every merged row were shown except those that the policy suppresses."""
        safe_size = [cell for cell in new_cells.values() if not self.policy.covers(int(truth.counts[cell]))]
        extended = _with_cells(truth, publication, safe_size)
        for attacker in (Attacker.ZEROS_SHOWN, Attacker.SINGLETON):
            exact = audit(extended, attacker, singletons=truth.singletons).exactly_disclosed
            if len(exact):
                return tuple(linked.cell_name(truth.shape, int(cell)) for cell in exact), attacker is Attacker.SINGLETON
        return (), False

    def _shown(self, truth: LinkedTables, new_cells: Mapping[str, int]) -> set[str]:
        """The merged rows that can be shown while all published figures stay as they are and remain safe."""
        (new_dimension,) = (dimension for dimension in truth.shape.dimensions if dimension.name == self.characteristic)
        new_layout = linked.layout_of([new_dimension])
        prior = [
            linked.combined_publication(linked.layout_of([linked.dimension(linked.published_rows(table))]), [table])
            for table in self.prior
        ]
        result = protect_next(
            new_layout, Tabulated([truth]), prior, self.policy, options=SearchOptions(budget=FIRST_PATTERN)
        )
        if isinstance(result, UnpublishableTables):
            return set()
        return {
            code
            for code in new_cells
            if not result.suppressed[linked.cell_number(new_layout, self.characteristic, code)]
        }


def _outcome(code: str, derivable: set[str], shown: set[str]) -> RowOutcome:
    if code in derivable:
        return RowOutcome.DERIVABLE
    return RowOutcome.SHOWN if code in shown else RowOutcome.SUPPRESSED


def _derivable(publication: Publication, cells: Mapping[str, int]) -> set[str]:
    """The merged rows that anyone can work out from published figures."""
    exact = set(audit(publication, Attacker.ZEROS_SHOWN).exactly_disclosed.tolist())
    return {code for code, cell in cells.items() if cell in exact or not publication.suppressed[cell]}


def _with_cells(truth: LinkedTables, publication: Publication, cells: Sequence[int]) -> Publication:
    """The publication with these cells shown as well."""
    suppressed = publication.suppressed.copy()
    suppressed[list(cells)] = False
    return suppress_cells(truth.shape, truth.counts, suppressed)

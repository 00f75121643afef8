"""Protects all the tables of one year together with the tables of that year that are already published.

The single-table engine runs first, because its results are also safe against an attacker who can run this program. What
it suppresses stays suppressed. Then the linked-table engine looks at all the tables together and adds the suppressions
that are still needed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from evenhand.evidence.queries import UnprotectedTable
from evenhand.releases import linked
from evenhand.releases.enums import RowSuppressionReason
from evenhand.releases.groupings import MergedRow
from evenhand.releases.tables import PublishedTable
from evenstat.disclosure import Layout, LinkedTables, Policy, from_tabulated, protect, single_tables
from evenstat.disclosure.single_tables import Cell, CountTable, ProtectedCell, ProtectedTable
from evenstat.disclosure.tables import Rollup
from evenstat.errors import InvalidCount
from evenstat.estimates import CONFIDENTIAL, Suppressed

Reasons = dict[str, RowSuppressionReason]


@dataclass(frozen=True)
class PriorTable:
    """A table that is already published, and the true counts that it was made from."""

    published: PublishedTable
    counts: CountTable


@dataclass(frozen=True)
class TableProtection:
    """A protected table, and the reason for each suppressed figure. The `reasons` must not be published."""

    table: ProtectedTable
    reasons: Reasons


def protect_year(
    tables: Sequence[UnprotectedTable], policy: Policy, *, prior: Sequence[PriorTable] = ()
) -> dict[str, TableProtection]:
    """Characteristic -> protected table, for the tables of one year.

    Raises CannotProtect if no safe table is left, and InvalidCount if the tables count different people.
    """
    single_results = {table.characteristic: single_tables.protect(table.counts, policy) for table in tables}
    prior_counts = {table.published.characteristic: table.counts for table in prior}
    year = true_tables({table.characteristic: table.counts for table in tables} | prior_counts)
    shape = year.shape
    publication = linked.combined_publication(shape, [table.published for table in prior])
    in_prior_table = np.zeros(len(shape), dtype=bool)
    for table in prior:
        for code in linked.published_rows(table.published).codes:
            in_prior_table[linked.cell_number(shape, table.published.characteristic, code)] = True
    prior_shown = {int(cell) for cell in np.flatnonzero(~publication.suppressed)} | {shape.total}
    prior_suppressed = set(np.flatnonzero(publication.suppressed & in_prior_table).tolist())
    single_suppressed = _suppressed_cells(shape, single_results)
    pattern = protect(year, policy, publish=prior_shown, suppress=(single_suppressed | prior_suppressed) - prior_shown)
    # A cell that the policy suppresses is suppressed in this table even if another table has published it.
    suppressed_cells = single_suppressed | set(np.flatnonzero(pattern.suppressed).tolist())
    return {
        table.characteristic: TableProtection(
            _protected_table(table, policy, shape, suppressed_cells),
            _reasons(table, policy, shape, suppressed_cells, prior_suppressed),
        )
        for table in tables
    }


def true_tables(
    tables: Mapping[str, CountTable], merged: Mapping[str, Sequence[MergedRow]] = MappingProxyType({})
) -> LinkedTables:
    """The true counts of one year as linked tables, including any merged rows. They must not be published.

    Raises InvalidCount if the tables do not count the same people.
    """
    totals = {table.total for table in tables.values()}
    if len(totals) > 1:
        listed = ", ".join(f"{name}: {table.total}" for name, table in tables.items())
        raise InvalidCount(
            f"The tables of one year must count the same people, but their totals differ ({listed}). "
            "Correct the figures."
        )
    sums = {name: _sums(rows, tables[name]) for name, rows in merged.items()}
    shape = linked.layout_of(
        linked.dimension(linked.rows_of(name, table), sums.get(name, ())) for name, table in tables.items()
    )
    counts = {shape.key(shape.total): totals.pop()}
    for name, table in tables.items():
        table_counts = linked.true_counts(table)
        table_counts |= {
            rollup.parent: sum(table_counts[code] for code in rollup.children) for rollup in sums.get(name, ())
        }
        codes = (*linked.rows_of(name, table).codes, *(rollup.parent for rollup in sums.get(name, ())))
        counts |= {shape.key(linked.cell_number(shape, name, code)): table_counts[code] for code in codes}
    return from_tabulated(shape, counts)


def _sums(merged: Sequence[MergedRow], table: CountTable) -> tuple[Rollup, ...]:
    """The merged rows as sums of the categories that have a figure in the source."""
    codes = {cell.code for cell in table.cells}
    sums = (Rollup(row.code, tuple(code for code in row.categories if code in codes)) for row in merged)
    return tuple(rollup for rollup in sums if rollup.children)


def _suppressed_cells(shape: Layout, tables: Mapping[str, ProtectedTable]) -> set[int]:
    return {
        linked.cell_number(shape, name, code)
        for name, table in tables.items()
        for code, count in _figures(table).items()
        if isinstance(count, Suppressed)
    }


def _figures(table: ProtectedTable) -> dict[str, int | Suppressed]:
    rows = {cell.code: cell.count for cell in table.cells}
    return rows | {linked.ANSWERED: table.answered_total, linked.NOT_KNOWN: table.not_known_total}


def _protected_table(
    table: UnprotectedTable, policy: Policy, shape: Layout, suppressed_cells: set[int]
) -> ProtectedTable:
    counts = table.counts
    rows = linked.rows_of(table.characteristic, counts)
    codes = {code for code in rows.codes if linked.cell_number(shape, table.characteristic, code) in suppressed_cells}

    def cells(group: tuple[Cell, ...]) -> tuple[ProtectedCell, ...]:
        return tuple(ProtectedCell(cell.code, CONFIDENTIAL if cell.code in codes else cell.count) for cell in group)

    return ProtectedTable(
        name=counts.name,
        policy_id=policy.id,
        total=counts.total,
        answered_total=CONFIDENTIAL if linked.ANSWERED in codes else counts.answered_total,
        not_known_total=CONFIDENTIAL if linked.NOT_KNOWN in codes else counts.not_known_total,
        answered=cells(counts.answered),
        not_known=cells(counts.not_known),
    )


def _reasons(
    table: UnprotectedTable, policy: Policy, shape: Layout, suppressed_cells: set[int], prior_suppressed: set[int]
) -> Reasons:
    counts = linked.true_counts(table.counts)
    reasons: Reasons = {}
    for code in linked.rows_of(table.characteristic, table.counts).codes:
        cell = linked.cell_number(shape, table.characteristic, code)
        if cell in prior_suppressed & suppressed_cells:
            reasons[code] = RowSuppressionReason.PRIOR
        elif cell in suppressed_cells:
            is_primary = policy.covers(counts[code])
            reasons[code] = RowSuppressionReason.PRIMARY if is_primary else RowSuppressionReason.SECONDARY
    return reasons

"""Protection of all the tables of one year together, beside everything of that year that is out already.

The engine for single tables goes first: it withstands also a reader who runs this very program. What it hides stays
hidden. Then the engine for linked tables looks at all of them at once, and adds whatever is still missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from evenhand.evidence.queries import UnprotectedTable
from evenhand.releases import linked
from evenhand.releases.enums import Why
from evenhand.releases.groupings import Merged
from evenhand.releases.tables import PublishedTable
from evenstat.disclosure import Layout, LinkedTables, Policy, from_tabulated, one_way, protect
from evenstat.disclosure.one_way import Cell, CountTable, ProtectedCell, ProtectedTable
from evenstat.disclosure.tables import Rollup
from evenstat.errors import InvalidCount
from evenstat.estimates import CONFIDENTIAL, Hidden

Reasons = dict[str, Why]


@dataclass(frozen=True)
class Out:
    """A table that is out already: what of it is printed, and the true counts that it was made of."""

    printed: PublishedTable
    counts: CountTable


@dataclass(frozen=True)
class Protected:
    """One table as it may go out, and why each hidden figure of it is hidden. `reasons` are not for the public."""

    table: ProtectedTable
    reasons: Reasons


def protect_year(
    tables: Sequence[UnprotectedTable], policy: Policy, *, out: Sequence[Out] = ()
) -> dict[str, Protected]:
    """By characteristic, what may go out of the tables of one year.

    Raises CannotProtect where nothing safe is left, and InvalidCount where two tables count different people.
    """
    alone = {each.characteristic: one_way.protect(each.counts, policy) for each in tables}
    together = true_tables({each.characteristic: each.counts for each in tables} | _counts_out(out))
    shape = together.shape
    printed = linked.publication(shape, [each.printed for each in out])
    in_what_is_out = np.zeros(len(shape), dtype=bool)
    for each in out:
        for code in linked.published_rows(each.printed).codes:
            in_what_is_out[linked.cell(shape, each.printed.characteristic, code)] = True
    shown_out = {int(each) for each in np.flatnonzero(~printed.hidden)} | {shape.total}
    hidden_out = set(np.flatnonzero(printed.hidden & in_what_is_out).tolist())
    by_itself = _hidden(shape, alone)
    pattern = protect(together, policy, publish=shown_out, hide=(by_itself | hidden_out) - shown_out)
    # What the policy hides is hidden here even where it is out: a table keeps to its own policy.
    hidden = by_itself | set(np.flatnonzero(pattern.hidden).tolist())
    return {
        each.characteristic: Protected(
            _published(each, policy, shape, hidden), _reasons(each, policy, shape, hidden, hidden_out)
        )
        for each in tables
    }


def true_tables(
    tables: Mapping[str, CountTable], merged: Mapping[str, Sequence[Merged]] = MappingProxyType({})
) -> LinkedTables:
    """The counts of one year as one set, with rows that add categories up. None of it is for the public.

    Raises InvalidCount where the tables do not count the same people.
    """
    totals = {table.total for table in tables.values()}
    if len(totals) > 1:
        said = ", ".join(f"{name}: {table.total}" for name, table in tables.items())
        raise InvalidCount(f"The tables of one year count different numbers of people ({said}). Mend the figures.")
    more = {name: _sums(each, tables[name]) for name, each in merged.items()}
    shape = linked.shape_of(
        linked.dimension(linked.rows_of(name, table), more.get(name, ())) for name, table in tables.items()
    )
    counts = {shape.key(shape.total): totals.pop()}
    for name, table in tables.items():
        known = linked.counted(table)
        known |= {each.parent: sum(known[code] for code in each.children) for each in more.get(name, ())}
        codes = (*linked.rows_of(name, table).codes, *(each.parent for each in more.get(name, ())))
        counts |= {shape.key(linked.cell(shape, name, code)): known[code] for code in codes}
    return from_tabulated(shape, counts)


def _sums(merged: Sequence[Merged], table: CountTable) -> tuple[Rollup, ...]:
    """As far as the source has figures of the categories."""
    held = {each.code for each in table.cells}
    sums = (Rollup(each.code, tuple(code for code in each.categories if code in held)) for each in merged)
    return tuple(each for each in sums if each.children)


def _counts_out(out: Sequence[Out]) -> dict[str, CountTable]:
    return {each.printed.characteristic: each.counts for each in out}


def _hidden(shape: Layout, tables: Mapping[str, ProtectedTable]) -> set[int]:
    return {
        linked.cell(shape, name, code)
        for name, table in tables.items()
        for code, count in _figures(table).items()
        if isinstance(count, Hidden)
    }


def _figures(table: ProtectedTable) -> dict[str, int | Hidden]:
    rows = {cell.code: cell.count for cell in table.cells}
    return rows | {linked.ANSWERED: table.answered_total, linked.NOT_KNOWN: table.not_known_total}


def _published(table: UnprotectedTable, policy: Policy, shape: Layout, hidden: set[int]) -> ProtectedTable:
    counts = table.counts
    rows = linked.rows_of(table.characteristic, counts)
    codes = {code for code in rows.codes if linked.cell(shape, table.characteristic, code) in hidden}

    def cells(group: tuple[Cell, ...]) -> tuple[ProtectedCell, ...]:
        return tuple(ProtectedCell(each.code, CONFIDENTIAL if each.code in codes else each.count) for each in group)

    return ProtectedTable(
        name=counts.name,
        policy_id=policy.id,
        total=counts.total,
        answered_total=CONFIDENTIAL if linked.ANSWERED in codes else counts.answered_total,
        not_known_total=CONFIDENTIAL if linked.NOT_KNOWN in codes else counts.not_known_total,
        answered=cells(counts.answered),
        not_known=cells(counts.not_known),
    )


def _reasons(table: UnprotectedTable, policy: Policy, shape: Layout, hidden: set[int], hidden_out: set[int]) -> Reasons:
    counts = linked.counted(table.counts)
    found: Reasons = {}
    for code in linked.rows_of(table.characteristic, table.counts).codes:
        number = linked.cell(shape, table.characteristic, code)
        if number in hidden:
            small = Why.SMALL if policy.covers(counts[code]) else Why.BESIDE
            found[code] = Why.OUT if number in hidden_out else small
    return found

"""The audit of single tables: it shares the definitions of tables with `protect`, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from evenstat.disclosure.policies import Policy
from evenstat.disclosure.single_tables._tables import ProtectedCell, ProtectedTable
from evenstat.errors import InvalidCount
from evenstat.estimates import Suppressed


class AuditMethod(StrEnum):
    """How a table was checked. The values are stored with the result, so they must not change."""

    BOUNDS_OF_ONE_TABLE = "bounds_of_one_table"

    @property
    def description(self) -> str:
        return _DESCRIPTIONS[self]


_DESCRIPTIONS = {
    AuditMethod.BOUNDS_OF_ONE_TABLE: (
        "Smallest and largest whole number for each hidden figure, from the published figures alone, knowing"
        " that hidden rows hold at least 1. It does not try what a reader knows of the program or of themselves."
    )
}


@dataclass(frozen=True, slots=True)
class CellBounds:
    """What an attacker can prove about a suppressed figure: it is between `low` and `high`."""

    code: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class TableAudit:
    """The bounds of every suppressed figure, those disclosed exactly, and shown figures that should be suppressed."""

    bounds: tuple[CellBounds, ...]
    exactly_disclosed: tuple[str, ...]
    in_range: tuple[str, ...]
    method: AuditMethod

    @property
    def passed(self) -> bool:
        return not self.exactly_disclosed and not self.in_range


@dataclass(frozen=True, slots=True)
class _Group:
    """One group of rows as published."""

    code: str
    total: int | Suppressed
    cells: tuple[ProtectedCell, ...]

    @property
    def suppressed(self) -> list[str]:
        return [cell.code for cell in self.cells if isinstance(cell.count, Suppressed)]

    @property
    def shown(self) -> int:
        return sum(cell.count for cell in self.cells if not isinstance(cell.count, Suppressed))


def audit(table: ProtectedTable, policy: Policy) -> TableAudit:
    """What an attacker can derive from a publication; it passes if no suppressed figure is disclosed exactly.

    Population: the rows, subtotals and total of one publication.

    Method: a group's total is known if it is shown, or if the other group's is (total minus other). The suppressed rows
        of a group with a known total share the remainder after the shown rows, each at least 1, so each is at most the
        remainder if the others are 1. With both subtotals suppressed, all suppressed rows share the remainder of the
        total. In one-way tables these bounds are attained, so they are sharp.

    Args:
        table: the publication; true counts are not needed.
        policy: no shown figure may be in its range.

    Returns:
        A TableAudit: CellBounds for each suppressed row, then for suppressed subtotals (codes "answered_total" and
        "not_known_total"); `exactly_disclosed` names the suppressed figures with one possible value, `in_range` the
        shown figures that the policy suppresses ("total" for the total); `passed` if both are empty.

    Raises:
        InvalidCount: the published figures do not add up, so no table fits them.

    Limits: the only person in a suppressed row knows more, and so does an attacker who runs the program on every table
        that fits; `protect` protects against both, but this audit tests neither.

    Source: the bounds are those of a transport problem with one constraint.

    >>> from evenstat.disclosure.policies import policy
    >>> from evenstat.estimates import CONFIDENTIAL
    >>> rows = ProtectedCell("a", 90), ProtectedCell("b", CONFIDENTIAL)
    >>> leaky = ProtectedTable("One row hidden", "council_lt10", 95, 95, 0, rows, ())
    >>> audit(leaky, policy("council_lt10")).exactly_disclosed
    ('b',)
    """
    groups = (
        _Group("answered_total", table.answered_total, table.answered),
        _Group("not_known_total", table.not_known_total, table.not_known),
    )
    bounds = _bounds(table, groups)
    return TableAudit(
        bounds,
        tuple(bound.code for bound in bounds if bound.low == bound.high),
        _in_range(table, groups, policy),
        AuditMethod.BOUNDS_OF_ONE_TABLE,
    )


def _bounds(table: ProtectedTable, groups: tuple[_Group, _Group]) -> tuple[CellBounds, ...]:
    known = [group.total for group in groups if not isinstance(group.total, Suppressed)]
    if not known:
        return _bounds_under_the_total(table, groups)
    if len(known) == 2 and sum(known) != table.total:
        raise InvalidCount(f"The subtotals of {table.name!r} do not add up to its total, {table.total}.")
    totals = [table.total - known[0] if isinstance(group.total, Suppressed) else group.total for group in groups]
    rows: list[CellBounds] = []
    subtotals: list[CellBounds] = []
    for group, total in zip(groups, totals, strict=True):
        rows += _share_out(group.suppressed, total - group.shown, table.name)
        if isinstance(group.total, Suppressed):
            subtotals.append(CellBounds(group.code, total, total))
    return (*rows, *subtotals)


def _bounds_under_the_total(table: ProtectedTable, groups: tuple[_Group, _Group]) -> tuple[CellBounds, ...]:
    suppressed = [code for group in groups for code in group.suppressed]
    left = table.total - sum(group.shown for group in groups)
    rows = _share_out(suppressed, left, table.name)
    # People can move between the groups only where both have a hidden row.
    spare = left - len(suppressed) if all(group.suppressed for group in groups) else None
    subtotals = []
    for group in groups:
        low = group.shown + len(group.suppressed)
        if spare is None and group.suppressed:
            low = group.shown + left
        subtotals.append(CellBounds(group.code, low, low + (spare or 0)))
    return (*rows, *subtotals)


def _share_out(suppressed: Sequence[str], left: int, name: str) -> tuple[CellBounds, ...]:
    """Each of the suppressed rows is at least 1, and together they are `left`."""
    spare = left - len(suppressed)
    if spare < 0 or (spare and not suppressed):
        raise InvalidCount(
            f"The figures of {name!r} do not add up: the {len(suppressed)} hidden rows would hold {left} people."
        )
    highest = left if len(suppressed) == 1 else 1 + spare
    lowest = left if len(suppressed) == 1 else 1
    return tuple(CellBounds(code, lowest, highest) for code in suppressed)


def _in_range(table: ProtectedTable, groups: tuple[_Group, _Group], policy: Policy) -> tuple[str, ...]:
    figures = [(cell.code, cell.count) for cell in table.cells]
    figures += [(group.code, group.total) for group in groups]
    figures.append(("total", table.total))
    return tuple(code for code, count in figures if not isinstance(count, Suppressed) and policy.covers(count))

"""The check on protection: it shares the definitions of tables with `protect`, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from evenstat.disclosure.one_way._tables import ProtectedCell, ProtectedTable
from evenstat.disclosure.policies import Policy
from evenstat.errors import InvalidCount
from evenstat.estimates import Hidden

METHOD = (
    "Smallest and largest whole number for each hidden figure, from the published figures alone, knowing"
    " that hidden rows hold at least 1. It does not try what a reader knows of the program or of themselves."
)


@dataclass(frozen=True, slots=True)
class Bound:
    """What a reader can say of a hidden figure: it is from `low` to `high`."""

    code: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Audit:
    """The bounds of every hidden figure, those known exactly, and shown figures that should be hidden."""

    bounds: tuple[Bound, ...]
    exact: tuple[str, ...]
    in_range: tuple[str, ...]
    method: str

    @property
    def passed(self) -> bool:
        return not self.exact and not self.in_range


@dataclass(frozen=True, slots=True)
class _Group:
    """One group of rows as a reader sees it."""

    code: str
    total: int | Hidden
    cells: tuple[ProtectedCell, ...]

    @property
    def hidden(self) -> list[str]:
        return [cell.code for cell in self.cells if isinstance(cell.count, Hidden)]

    @property
    def shown(self) -> int:
        return sum(cell.count for cell in self.cells if not isinstance(cell.count, Hidden))


def audit(table: ProtectedTable, policy: Policy) -> Audit:
    """What a reader can work out of a publication; it has passed when nothing hidden is known exactly.

    Population: the rows, subtotals and total of one publication.

    Method: a group's total is known when it is shown, or when the other's is (total less other). Hidden
        rows of a group with a known total share what the shown rows leave of it, each at least 1, so each
        is at most what is left when the others are 1. With both subtotals hidden, all the hidden rows
        share what is left of the total. In one-way tables these ends are reached, so they are exact.

    Args:
        table: the publication; the true counts are never needed.
        policy: whose range no shown figure may be in.

    Returns:
        An Audit: a Bound for each hidden row, then for hidden subtotals (codes "answered_total" and
        "not_known_total"); `exact` names the hidden figures with one possible value, `in_range` the
        shown figures that the policy hides ("total" for the total); `passed` when both are empty.

    Raises:
        InvalidCount: the published figures do not add up, so that no table fits them.

    Limits: a reader who is the one person in a hidden row knows more, and so does one who runs the
        program on every table that fits; `protect` withstands both, this check tries neither.

    Source: the bounds are those of the transport problem with one constraint.

    >>> from evenstat.disclosure.policies import policy
    >>> from evenstat.estimates import CONFIDENTIAL
    >>> rows = ProtectedCell("a", 90), ProtectedCell("b", CONFIDENTIAL)
    >>> leaky = ProtectedTable("One row hidden", "council_lt10", 95, 95, 0, rows, ())
    >>> audit(leaky, policy("council_lt10")).exact
    ('b',)
    """
    groups = (
        _Group("answered_total", table.answered_total, table.answered),
        _Group("not_known_total", table.not_known_total, table.not_known),
    )
    bounds = _bounds(table, groups)
    return Audit(
        bounds,
        tuple(bound.code for bound in bounds if bound.low == bound.high),
        _in_range(table, groups, policy),
        METHOD,
    )


def _bounds(table: ProtectedTable, groups: tuple[_Group, _Group]) -> tuple[Bound, ...]:
    known = [group.total for group in groups if not isinstance(group.total, Hidden)]
    if not known:
        return _bounds_under_the_total(table, groups)
    if len(known) == 2 and sum(known) != table.total:
        raise InvalidCount(f"The subtotals of {table.name!r} do not add up to its total, {table.total}.")
    totals = [table.total - known[0] if isinstance(group.total, Hidden) else group.total for group in groups]
    rows: list[Bound] = []
    subtotals: list[Bound] = []
    for group, total in zip(groups, totals, strict=True):
        rows += _share_out(group.hidden, total - group.shown, table.name)
        if isinstance(group.total, Hidden):
            subtotals.append(Bound(group.code, total, total))
    return (*rows, *subtotals)


def _bounds_under_the_total(table: ProtectedTable, groups: tuple[_Group, _Group]) -> tuple[Bound, ...]:
    hidden = [code for group in groups for code in group.hidden]
    left = table.total - sum(group.shown for group in groups)
    rows = _share_out(hidden, left, table.name)
    # People can move between the groups only where both have a hidden row.
    spare = left - len(hidden) if all(group.hidden for group in groups) else None
    subtotals = []
    for group in groups:
        low = group.shown + len(group.hidden)
        if spare is None and group.hidden:
            low = group.shown + left
        subtotals.append(Bound(group.code, low, low + (spare or 0)))
    return (*rows, *subtotals)


def _share_out(hidden: Sequence[str], left: int, name: str) -> tuple[Bound, ...]:
    """Each of the hidden rows holds at least 1, and together they hold `left`."""
    spare = left - len(hidden)
    if spare < 0 or (spare and not hidden):
        raise InvalidCount(
            f"The figures of {name!r} do not add up: the {len(hidden)} hidden rows would hold {left} people."
        )
    highest = left if len(hidden) == 1 else 1 + spare
    lowest = left if len(hidden) == 1 else 1
    return tuple(Bound(code, lowest, highest) for code in hidden)


def _in_range(table: ProtectedTable, groups: tuple[_Group, _Group], policy: Policy) -> tuple[str, ...]:
    figures = [(cell.code, cell.count) for cell in table.cells]
    figures += [(group.code, group.total) for group in groups]
    figures.append(("total", table.total))
    return tuple(code for code, count in figures if not isinstance(count, Hidden) and policy.covers(count))

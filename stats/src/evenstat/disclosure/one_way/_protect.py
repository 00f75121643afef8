"""Protection: from a table of counts to what of it may be published."""

from evenstat.disclosure.one_way._separate import separate_patterns
from evenstat.disclosure.one_way._tables import Cell, CountTable, ProtectedCell, ProtectedTable
from evenstat.disclosure.one_way._together import joint_pattern
from evenstat.disclosure.policies import Method, Policy
from evenstat.errors import CannotProtect, UnknownPolicy
from evenstat.estimates import CONFIDENTIAL


def protect(table: CountTable, policy: Policy) -> ProtectedTable:
    """The table with every count in the policy's range hidden, and with whatever would give one away.

    Population: people counted once each, in one row of one of the two groups: those who answered, by
        category, and those with no answer, by kind.

    Method: first choice, the total and both subtotals stand and each group is made safe alone, by hiding
        from the smallest count up (all that equal the last one, unless two will do). Second choice, where a
        group cannot be made safe alone or its subtotal is itself in the range: both subtotals are hidden,
        with all rows of such a group, the smallest of the other, and three rows at least. Last, every row
        that is not zero is hidden.
        The same table always gives the same publication, and the order of rows matters only between equals.

    Args:
        table: the true counts.
        policy: which counts are too small.

    Returns:
        A ProtectedTable. Zeros and the total are always shown, so a hidden row holds at least one person.
        Where the base (the number who answered) is hidden, publish nothing worked out from it, for any row;
        where a row is hidden, publish nothing worked out from that row.

    Raises:
        CannotProtect: no pattern is safe; merge categories, or do not publish this table.
        UnknownPolicy: the policy rounds, or hides zeros.

    Limits: promised, argued in `_separate` and `_together`, and tested on small tables by listing every one
        that fits: (1) no shown count is in the range; (2) no hidden row or subtotal is determined exactly for
        a reader who knows the publication, that hidden rows are at least 1, the policy, and this program well
        enough to run it on every table that fits; (3) the same, for the rows of others and for a subtotal
        that others are in, where such a reader is the one person in a hidden row of 1.
        NOT promised: that a hidden count could lie outside the range, or how widely it could vary;
        anything against people who pool what they know, or who know a hidden row of others; against a second
        table about the same people (another year, grouping or policy); or that no pattern hides fewer people.
        A reader who knows the program may learn that some row is 1, though not which, that hidden rows are
        smaller than shown ones, and, where subtotals are hidden, that the first choice failed.

    Source: the problem is set in Fischetti and Salazar 2001, https://doi.org/10.1287/mnsc.47.7.1008.9805;
        the ranges are common practice of councils.

    >>> from evenstat.disclosure.policies import policy
    >>> groups = Cell("white", 2369), Cell("black", 57), Cell("other", 8)
    >>> unknown = Cell("prefer_not_to_say", 29), Cell("not_known", 5)
    >>> published = protect(CountTable("Ethnic group, 2026", groups, unknown), policy("council_lt10"))
    >>> for cell in published.cells:
    ...     print(cell.code, cell.count)
    white 2369
    black [c]
    other [c]
    prefer_not_to_say [c]
    not_known [c]
    >>> published.base
    2434
    """
    if policy.method is not Method.HIDE or not policy.zeros_shown:
        raise UnknownPolicy(
            f"Policy {policy.id!r} does not hide small counts and show zeros, as tables of one dimension need."
        )
    counts = tuple(cell.count for cell in table.cells)
    answered = len(table.answered)
    if policy.covers(table.total):
        raise CannotProtect(
            f"Table {table.name!r} counts {table.total} people in all, which policy {policy.id!r} hides:"
            " do not publish it, or count a larger body of people."
        )
    pattern = separate_patterns(counts, answered, policy)
    if pattern is not None:
        return _publication(table, policy, pattern, subtotals_shown=True)
    pattern = joint_pattern(counts, answered, policy)
    if pattern is not None:
        return _publication(table, policy, pattern, subtotals_shown=False)
    raise CannotProtect(
        f"Table {table.name!r} cannot be made safe under policy {policy.id!r}: its small counts could be"
        " worked out from the total whatever else is hidden. Merge categories, or do not publish this table."
    )


def _publication(
    table: CountTable, policy: Policy, pattern: frozenset[int], *, subtotals_shown: bool
) -> ProtectedTable:
    split = len(table.answered)
    return ProtectedTable(
        table.name,
        policy.id,
        table.total,
        table.answered_total if subtotals_shown else CONFIDENTIAL,
        table.not_known_total if subtotals_shown else CONFIDENTIAL,
        _cells(table.answered, {i for i in pattern if i < split}),
        _cells(table.not_known, {i - split for i in pattern if i >= split}),
    )


def _cells(cells: tuple[Cell, ...], hidden: set[int]) -> tuple[ProtectedCell, ...]:
    return tuple(ProtectedCell(cell.code, CONFIDENTIAL if i in hidden else cell.count) for i, cell in enumerate(cells))

"""Protection: from a table of counts to its publication."""

from evenstat.disclosure.policies import Method, Policy
from evenstat.disclosure.single_tables._joint import joint_pattern
from evenstat.disclosure.single_tables._separate import separate_patterns
from evenstat.disclosure.single_tables._tables import Cell, CountTable, ProtectedCell, ProtectedTable
from evenstat.errors import CannotProtect, UnknownPolicy
from evenstat.estimates import CONFIDENTIAL


def protect(table: CountTable, policy: Policy) -> ProtectedTable:
    """The table with every count in the policy's range suppressed, and with secondary suppressions.

    Population: people counted once each, in one row of one of the two groups: those who answered, by category, and
        those with no answer, by kind.

    Method: first choice: the total and both subtotals are shown and each group is protected separately, by suppressing
        from the smallest count upwards (with all counts equal to the last one, unless two are enough). Second choice,
        if a
        group cannot be protected separately or its subtotal is in the range: both subtotals are suppressed, with all
        rows of such a group, the smallest rows of the other, and at least three rows. Last choice: every row that is
        not zero is suppressed. The same table always gives the same publication, and the order of rows matters only for
        ties.

    Args:
        table: the true counts.
        policy: which counts are too small.

    Returns:
        A ProtectedTable. Zeros and the total are always shown, so a suppressed row has at least one person. If the base
        (the number who answered) is suppressed, publish nothing calculated from it, for any row; if a row is
        suppressed, publish nothing calculated from that row.

    Raises:
        CannotProtect: no pattern is safe; merge categories, or do not publish this table.
        UnknownPolicy: the policy rounds, or suppresses zeros.

    Limits: guaranteed, argued in `_separate` and `_joint`, and tested on small tables by listing every table that fits:
        (1) no shown count is in the range; (2) no suppressed row or subtotal is disclosed exactly to an attacker who
        knows the publication, that suppressed rows are at least 1, the policy, and this program well enough to run it
        on every table that fits; (3) the same, for the rows of others and for a subtotal that others are in, if the
        attacker is the only person in a suppressed row of 1.
        Not guaranteed: that a suppressed count could lie outside the range, or how widely it could vary; protection
        against people who pool what they know, or who know another suppressed row; against a second table about the
        same people (another year, grouping or policy); or that no pattern suppresses fewer people. An attacker who
        knows the program may learn that some row is 1, though not which, that suppressed rows are smaller than shown
        ones, and, if subtotals are suppressed, that the first choice failed.

    Source: the problem is described in Fischetti and Salazar 2001, https://doi.org/10.1287/mnsc.47.7.1008.9805; the
        ranges are common practice of councils.

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
    if policy.method is not Method.SUPPRESS or not policy.zeros_shown:
        raise UnknownPolicy(
            f"Policy {policy.id!r} must suppress small counts and show zeros to be used for single tables."
        )
    counts = tuple(cell.count for cell in table.cells)
    answered = len(table.answered)
    if policy.covers(table.total):
        raise CannotProtect(
            f"Table {table.name!r} counts {table.total} people in total, which policy {policy.id!r} suppresses:"
            " do not publish it, or count a larger body of people."
        )
    pattern = separate_patterns(counts, answered, policy)
    if pattern is not None:
        return _publication(table, policy, pattern, subtotals_shown=True)
    pattern = joint_pattern(counts, answered, policy)
    if pattern is not None:
        return _publication(table, policy, pattern, subtotals_shown=False)
    raise CannotProtect(
        f"Table {table.name!r} cannot be protected under policy {policy.id!r}: its small counts could be"
        " worked out from the total whatever else is suppressed. Merge categories, or do not publish this table."
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


def _cells(cells: tuple[Cell, ...], suppressed: set[int]) -> tuple[ProtectedCell, ...]:
    return tuple(
        ProtectedCell(cell.code, CONFIDENTIAL if i in suppressed else cell.count) for i, cell in enumerate(cells)
    )

"""Which cells to suppress if both subtotals are suppressed and all cells form one group under the total.

This is the second choice, so an attacker who knows the program also learns that the first one failed, and exchange
between the two groups might change that. Safety is therefore tested directly: a fixed sample of the tables that fit the
publication (all of them, if they are few) goes through the same choice, and tables that would be published differently
are removed. The remaining tables must leave at least two values for every suppressed cell and subtotal. The sample
depends only on the publication and not on the true counts, so every table with that publication gets the same result.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from evenstat.disclosure.policies import Policy
from evenstat.disclosure.single_tables._fitting_sample import fitting_sample
from evenstat.disclosure.single_tables._separate import fails_separately, separate_patterns

Table = tuple[int, ...]


def joint_pattern(counts: Table, answered: int, policy: Policy) -> frozenset[int] | None:
    """Positions to suppress if only the total is published; None if no pattern is safe."""
    singletons = frozenset(position for position, count in enumerate(counts) if count == 1)
    for pattern in dict.fromkeys((_lowest(counts, answered, policy), _not_zero(counts))):
        published = tuple(None if i in pattern else count for i, count in enumerate(counts))
        protected_singletons = _verdict(published, sum(counts), answered, policy)
        if protected_singletons is not None and singletons <= protected_singletons:
            return pattern
    return None


def _lowest(counts: Table, answered: int, policy: Policy) -> frozenset[int]:
    """Every group that cannot be protected separately, and cells of the other up to the lowest sufficient count.

    It includes every count that is too small, at least three cells, and both groups. Three even if no cell is 1: if the
    third were suppressed only for a 1, it would reveal the 1.
    """
    failed = frozenset(
        start + i
        for start, group in ((0, counts[:answered]), (answered, counts[answered:]))
        if fails_separately(group, policy)
        for i, count in enumerate(group)
        if count
    )
    for level in sorted(set(counts) - {0}):
        pattern = failed | {i for i, count in enumerate(counts) if 0 < count <= level}
        small_shown = any(policy.covers(count) for i, count in enumerate(counts) if i not in pattern)
        if not small_shown and len(pattern) >= 3 and min(pattern) < answered <= max(pattern):
            return pattern
    return _not_zero(counts)


def _not_zero(counts: Table) -> frozenset[int]:
    return frozenset(i for i, count in enumerate(counts) if count)


@lru_cache(maxsize=512)
def _verdict(published: tuple[int | None, ...], total: int, answered: int, policy: Policy) -> frozenset[int] | None:
    """None if the publication is unsafe; otherwise the suppressed cells whose only person learns nothing."""
    suppressed = [i for i, count in enumerate(published) if count is None]
    split = sum(i < answered for i in suppressed)
    tables = [
        table
        for table in fitting_sample(published, total, split, policy)
        if separate_patterns(table, answered, policy) is None
        and _lowest(table, answered, policy) == frozenset(suppressed)
    ]
    while _open(tables, suppressed, answered):
        ones = {i: [table for table in tables if table[i] == 1] for i in suppressed}
        leaks = [i for i in suppressed if ones[i] and not _open(ones[i], suppressed, answered, known=i)]
        if not leaks:
            return frozenset(i for i in suppressed if ones[i])
        tables = [table for table in tables if all(table[i] != 1 for i in leaks)]
    return None


def _open(tables: Sequence[Table], suppressed: Iterable[int], answered: int, known: int | None = None) -> bool:
    """Whether every suppressed cell, and the split between the groups, takes at least two values in `tables`."""
    unknown = [i for i in suppressed if i != known]
    if not tables or any(len({table[i] for table in tables}) < 2 for i in unknown):
        return False
    knows_a_group = known is not None and all((i < answered) != (known < answered) for i in unknown)
    return knows_a_group or len({sum(table[:answered]) for table in tables}) > 1

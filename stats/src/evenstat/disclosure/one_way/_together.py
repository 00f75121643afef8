"""Which cells to hide when both subtotals are hidden and all the cells count as one group under the total.

This is the second choice, so a reader who knows the program also learns that the first one failed, and
exchange between the two groups could undo that. Whether hiding is safe is therefore settled by trial: a
fixed sample of the tables that fit the publication (all of them, where they are few) is put through the
same choice, and those that it would publish otherwise are struck out. What is left must leave every
hidden cell and subtotal open. The sample depends on the publication alone, never on the true counts, so
every table with that publication gets the same verdict and each vouches for the others.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from evenstat.disclosure.one_way._separate import fails_alone, separate_patterns
from evenstat.disclosure.one_way._trial import fitting_sample
from evenstat.disclosure.policies import Policy

Table = tuple[int, ...]


def joint_pattern(counts: Table, answered: int, policy: Policy) -> frozenset[int] | None:
    """Positions to hide when only the total is published; None where no pattern is safe."""
    alone = frozenset(position for position, count in enumerate(counts) if count == 1)
    for pattern in dict.fromkeys((_lowest(counts, answered, policy), _not_zero(counts))):
        published = tuple(None if i in pattern else count for i, count in enumerate(counts))
        closed_to_alone = _verdict(published, sum(counts), answered, policy)
        if closed_to_alone is not None and alone <= closed_to_alone:
            return pattern
    return None


def _lowest(counts: Table, answered: int, policy: Policy) -> frozenset[int]:
    """Every group that fails alone, and the others' cells up to the lowest count that will do.

    It takes in all that is too small, at least three cells, and both groups. Three even where no cell is 1:
    were the third hidden only for a 1, its presence would give the 1 away.
    """
    failed = frozenset(
        start + i
        for start, group in ((0, counts[:answered]), (answered, counts[answered:]))
        if fails_alone(group, policy)
        for i, count in enumerate(group)
        if count
    )
    for level in sorted(set(counts) - {0}):
        pattern = failed | {i for i, count in enumerate(counts) if 0 < count <= level}
        left_out = any(policy.covers(count) for i, count in enumerate(counts) if i not in pattern)
        if not left_out and len(pattern) >= 3 and min(pattern) < answered <= max(pattern):
            return pattern
    return _not_zero(counts)


def _not_zero(counts: Table) -> frozenset[int]:
    return frozenset(i for i, count in enumerate(counts) if count)


@lru_cache(maxsize=512)
def _verdict(published: tuple[int | None, ...], total: int, answered: int, policy: Policy) -> frozenset[int] | None:
    """None where the publication is unsafe; otherwise the hidden cells whose one person learns nothing."""
    hidden = [i for i, count in enumerate(published) if count is None]
    split = sum(i < answered for i in hidden)
    tables = [
        table
        for table in fitting_sample(published, total, split, policy)
        if separate_patterns(table, answered, policy) is None and _lowest(table, answered, policy) == frozenset(hidden)
    ]
    while _open(tables, hidden, answered):
        ones = {i: [table for table in tables if table[i] == 1] for i in hidden}
        leaks = [i for i in hidden if ones[i] and not _open(ones[i], hidden, answered, known=i)]
        if not leaks:
            return frozenset(i for i in hidden if ones[i])
        tables = [table for table in tables if all(table[i] != 1 for i in leaks)]
    return None


def _open(tables: Sequence[Table], hidden: Iterable[int], answered: int, known: int | None = None) -> bool:
    """Does every hidden cell, and the split between the groups, take two values or more in `tables`?"""
    unknown = [i for i in hidden if i != known]
    if not tables or any(len({table[i] for table in tables}) < 2 for i in unknown):
        return False
    knows_a_group = known is not None and all((i < answered) != (known < answered) for i in unknown)
    return knows_a_group or len({sum(table[:answered]) for table in tables}) > 1

"""Which cells to suppress if each group's own total is published: each group is protected separately.

The attacker knows the total, the shown cells, that zeros are shown, the policy and this program, and may be the only
person in a suppressed cell of 1. Two arguments show that every suppressed cell has at least two possible values.

Exchange. Cells are suppressed from the smallest upwards, with all that equal the last one, until their counts are not
all equal, even after one cell of 1 is removed. This depends on the suppressed counts only as a multiset, not on which
cell has which count. So any exchange of the suppressed counts among the suppressed cells gives a table with the same
publication, and every suppressed cell has at least two possible counts.

Neighbouring tables. Two cells of 5 are equal, but 4 and 6 would be published in the same way and are not equal. If such
a neighbouring table exists, it and its exchanges protect the table, and no third cell is needed.
"""

from collections.abc import Sequence

from evenstat.disclosure.policies import Policy


def separate_patterns(counts: Sequence[int], answered: int, policy: Policy) -> frozenset[int] | None:
    """Positions to suppress in a whole table; the first `answered` counts are those of people who answered.

    None if a group cannot be protected separately, or a subtotal is itself too small to publish.
    """
    if fails_separately(counts[:answered], policy) or fails_separately(counts[answered:], policy):
        return None
    first = separate_pattern(counts[:answered], policy) or frozenset()
    second = separate_pattern(counts[answered:], policy) or frozenset()
    return first | {answered + position for position in second}


def fails_separately(group: Sequence[int], policy: Policy) -> bool:
    """Whether the group's total is too small to publish, or its cells are unsafe whatever is suppressed."""
    return policy.covers(sum(group)) or separate_pattern(group, policy) is None


def separate_pattern(counts: Sequence[int], policy: Policy) -> frozenset[int] | None:
    """Positions to suppress in a group with a published total; None if no pattern is safe."""
    order = sorted((i for i, count in enumerate(counts) if count), key=lambda i: (counts[i], i))
    smallest_first = [counts[i] for i in order]
    minimum = _fewest(smallest_first, policy)
    if minimum == 0:
        return frozenset()
    for size in range(minimum, len(order) + 1):
        suppressed = smallest_first[:size]
        shown = smallest_first[size:]
        tied = bool(shown) and shown[0] == suppressed[-1]
        if not tied and withstands_exchange(suppressed):
            return frozenset(order[:size])
        if size == minimum and _has_neighbour(suppressed, shown, policy):
            return frozenset(order[:size])
    return None


def withstands_exchange(suppressed: Sequence[int]) -> bool:
    """Whether the counts are not all equal, even for the only person in a cell of 1, who can remove that cell."""
    others = list(suppressed)
    if 1 in others:
        others.remove(1)
    return len(set(others)) > 1


def _fewest(counts: Sequence[int], policy: Policy) -> int:
    """The minimum number of cells to suppress: those in the policy's range, and never a single one."""
    in_range = sum(policy.covers(count) for count in counts)
    return max(2, in_range) if in_range else 0


def _has_neighbour(suppressed: Sequence[int], shown: Sequence[int], policy: Policy) -> bool:
    """Whether moving one person between suppressed cells gives a table with the same suppressed cells, safe by
    exchange.
    """
    for from_cell in range(len(suppressed)):
        for to_cell in range(len(suppressed)):
            neighbour = list(suppressed)
            neighbour[from_cell] -= 1
            neighbour[to_cell] += 1
            if (
                min(neighbour) >= 1
                and (not shown or max(neighbour) < shown[0])
                and _fewest(neighbour, policy) == len(suppressed)
                and withstands_exchange(neighbour)
                and (1 not in suppressed or 1 in neighbour)
            ):
                return True
    return False

"""Which cells to hide when each group's own total is published: each group is made safe alone.

The reader to withstand knows the total, the shown cells, that zeros are shown, the policy and this very
program, and may be the one person in a hidden cell of 1. Two ideas keep every hidden cell open to them.

Exchange. Cells are hidden from the smallest up, with all that equal the last one, until they are not all
alike, even after one cell of 1 is taken away. This looks at the hidden counts only as a heap, never at
which cell holds which. So any exchange of the hidden counts among the hidden cells gives a table that is
published in the same way, and every hidden cell could hold at least two counts.

Vouching. Two cells of 5 are alike, yet 4 and 6 would be published in the same way and are not alike.
Where such a neighbour exists, it and its exchanges vouch for the table, and no third cell is needed.
"""

from collections.abc import Sequence

from evenstat.disclosure.policies import Policy


def separate_patterns(counts: Sequence[int], answered: int, policy: Policy) -> frozenset[int] | None:
    """Positions to hide in a whole table, the first `answered` counts being those of people who answered.

    None where a group cannot be made safe on its own, or a subtotal is itself too small to publish.
    """
    if fails_alone(counts[:answered], policy) or fails_alone(counts[answered:], policy):
        return None
    first = separate_pattern(counts[:answered], policy) or frozenset()
    second = separate_pattern(counts[answered:], policy) or frozenset()
    return first | {answered + position for position in second}


def fails_alone(group: Sequence[int], policy: Policy) -> bool:
    """Is the group's total too small to publish, or its cells unsafe whatever is hidden under it?"""
    return policy.covers(sum(group)) or separate_pattern(group, policy) is None


def separate_pattern(counts: Sequence[int], policy: Policy) -> frozenset[int] | None:
    """Positions to hide in a group with a published total; None where nothing makes the group safe."""
    order = sorted((i for i, count in enumerate(counts) if count), key=lambda i: (counts[i], i))
    smallest_first = [counts[i] for i in order]
    least = _fewest(smallest_first, policy)
    if least == 0:
        return frozenset()
    for size in range(least, len(order) + 1):
        hidden = smallest_first[:size]
        shown = smallest_first[size:]
        tied = bool(shown) and shown[0] == hidden[-1]
        if not tied and withstands_exchange(hidden):
            return frozenset(order[:size])
        if size == least and _vouched(hidden, shown, policy):
            return frozenset(order[:size])
    return None


def withstands_exchange(hidden: Sequence[int]) -> bool:
    """Not all alike, even for the one person in a cell of 1, who can take that cell away."""
    others = list(hidden)
    if 1 in others:
        others.remove(1)
    return len(set(others)) > 1


def _fewest(counts: Sequence[int], policy: Policy) -> int:
    """How many cells must be hidden at the very least: those in the policy's range, and never one alone."""
    in_range = sum(policy.covers(count) for count in counts)
    return max(2, in_range) if in_range else 0


def _vouched(hidden: Sequence[int], shown: Sequence[int], policy: Policy) -> bool:
    """Would the same cells be hidden, by exchange, if one person stood in another of the hidden cells?"""
    for giver in range(len(hidden)):
        for taker in range(len(hidden)):
            neighbour = list(hidden)
            neighbour[giver] -= 1
            neighbour[taker] += 1
            if (
                min(neighbour) >= 1
                and (not shown or max(neighbour) < shown[0])
                and _fewest(neighbour, policy) == len(hidden)
                and withstands_exchange(neighbour)
                and (1 not in hidden or 1 in neighbour)
            ):
                return True
    return False

"""A fixed sample of the tables of counts that fit a publication in which only the total is shown."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from math import comb

from evenstat.disclosure.policies import Policy

SAMPLE = 2500  # maximum number of tables: enough for every pattern in the tests, and well under a second
FEW = 3  # groups with up to this many cells are varied fully
STRIDE = 0.6180339887498949  # the golden section: its multiples are spread evenly over any list


def fitting_sample(
    published: Sequence[int | None], total: int, split: int, policy: Policy
) -> Iterator[tuple[int, ...]]:
    """Tables with the published counts, the total, and at least 1 in each suppressed cell.

    The first `split` suppressed cells belong to one group, the others to the other. If there are too many tables, the
    sample varies one small cell at a time and the number of people in each group.
    """
    suppressed = [i for i, count in enumerate(published) if count is None]
    amount = total - sum(count for count in published if count is not None)
    for counts in _ways(amount, split, len(suppressed) - split, policy):
        table = [0 if count is None else count for count in published]
        for i, count in zip(suppressed, counts, strict=True):
            table[i] = count
        yield tuple(table)


def _ways(amount: int, split: int, rest: int, policy: Policy) -> Iterator[tuple[int, ...]]:
    if not split or not rest or amount < split + rest:
        return  # the split between the groups would be known
    if comb(amount - 1, split + rest - 1) <= SAMPLE:
        yield from _all_ways(amount, split + rest)
        return
    sizes = _sizes(split, amount - rest, policy)
    for size in sizes:
        yield from _pairs(
            _one_varied(size, split, policy),
            _one_varied(amount - size, rest, policy),
            SAMPLE // len(sizes),
        )


def _all_ways(amount: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Every way of placing `amount` people in `cells` cells, at least one in each."""
    for cuts in combinations(range(1, amount), cells - 1):
        edges = (0, *cuts, amount)
        yield tuple(right - left for left, right in pairwise(edges))


def _sizes(least: int, most: int, policy: Policy) -> list[int]:
    """From `least` to `most`: every value near the ends, and a dozen steps between."""
    near = range(policy.threshold + 3)
    ends = {least + i for i in near} | {most - i for i in near}
    middle = {least + (most - least) * step // 13 for step in range(1, 13)}
    return sorted(size for size in ends | middle if least <= size <= most)


def _one_varied(amount: int, cells: int, policy: Policy) -> list[tuple[int, ...]]:
    """One cell takes each of several sizes in turn, the others share the remainder nearly evenly."""
    if cells == 1:
        return [(amount,)]
    tables: dict[tuple[int, ...], None] = {}
    # The more cells, the fewer sizes and rotations, so that each position is often tried with a 1.
    few = cells <= FEW
    turns = range(cells - 1) if few else (0, 1, cells // 2)
    sizes = _sizes(1, amount - cells + 1, policy)
    for size in sizes if few else [size for size in sizes if size in (1, 2, 3, policy.threshold)]:
        share, over = divmod(amount - size, cells - 1)
        even = [share + (i < over) for i in range(cells - 1)]
        tilted = [even[0] + 1, *even[1:-1], even[-1] - 1] if cells > 2 and even[-1] > 1 else even
        for others in (even, tilted):
            for turn in turns:
                turned = others[turn:] + others[:turn]
                for place in range(cells):
                    tables[(*turned[:place], size, *turned[place:])] = None
    return list(tables)


def _pairs(firsts: list[tuple[int, ...]], seconds: list[tuple[int, ...]], most: int) -> Iterator[tuple[int, ...]]:
    """Pairs from the two lists, concatenated; all of them, or `most` spread evenly over them."""
    pairs = len(firsts) * len(seconds)
    stride = 1 if pairs <= most else STRIDE * pairs
    for step in range(min(most, pairs)):
        first, second = divmod(int(step * stride) % pairs, len(seconds))
        yield firsts[first] + seconds[second]

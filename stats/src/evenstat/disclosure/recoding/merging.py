"""Which categories of a dimension could be put together: neighbours where they have an order, small ones elsewhere."""

from collections.abc import Iterator, Mapping, Sequence

from evenstat.disclosure.recoding.changes import Merge
from evenstat.disclosure.tables import TOTAL, Dimension, Rollup

SPELT_OUT = 3  # codes in a name


def merges(dimension: Dimension, level: str, people: Mapping[str, int], *, ordered: bool) -> tuple[Merge, ...]:
    """Merges of the codes of a level, the smallest first, from the least change to half as many codes.

    Args:
        dimension, level: whose codes are merged.
        people: how many are in each code.
        ordered: the codes have an order, such as grades and ages, and only neighbours may be merged.

    >>> from evenstat.disclosure.tables import flat
    >>> grade = flat("grade", ["G1", "G2", "G3", "G4"])
    >>> for each in merges(grade, "grade", {"G1": 9, "G2": 3, "G3": 80, "G4": 60}, ordered=True):
    ...     print(each.words)
    grade with 'G1 to G2' together
    grade with 'G1 to G3' together
    """
    codes = dimension.levels[level]
    if ordered:
        found = _some([_spans(each) for each in _neighbours(codes, people)])
    else:
        siblings = [[_rest(group) for group in each] for each in _siblings(dimension, codes, people)]
        small = sorted(codes, key=lambda code: (people[code], code))
        rest = [[_rest(sorted(small[:many]))] for many in range(2, len(codes))]
        found = _some(siblings) + _some(rest[: len(codes) // 2])
    usable = [each for each in found if each and not any(group.parent in dimension.codes for group in each)]
    return tuple(dict.fromkeys(Merge(dimension.name, level, tuple(each)) for each in usable))


def _some(found: Sequence[list[Rollup]]) -> list[list[Rollup]]:
    """The first, one between, and the last."""
    return [found[at] for at in sorted({0, len(found) // 2, len(found) - 1})] if found else []


def _neighbours(codes: Sequence[str], people: Mapping[str, int]) -> Iterator[list[list[str]]]:
    """The smallest code put to its smaller neighbour, again and again, until half as many are left."""
    runs = [[code] for code in codes]
    size = {code: people[code] for code in codes}
    while len(runs) > max(len(codes) // 2, 2):
        totals = [sum(size[code] for code in run) for run in runs]
        least = min(range(len(runs)), key=lambda at: (totals[at], at))
        beside = min((at for at in (least - 1, least + 1) if 0 <= at < len(runs)), key=lambda at: (totals[at], at))
        first, second = sorted((least, beside))
        runs[first : second + 1] = [runs[first] + runs[second]]
        yield [run for run in runs if len(run) > 1]


def _siblings(dimension: Dimension, codes: Sequence[str], people: Mapping[str, int]) -> Iterator[list[list[str]]]:
    """The two smallest codes of one group put together, and so on with the groups next in size."""
    families = [
        [code for code in each.children if code in codes]
        for each in dimension.rollups
        if each.parent != TOTAL and len(each.children) > 2
    ]
    pairs = [sorted(sorted(each, key=lambda code: (people[code], code))[:2]) for each in families if len(each) > 2]
    pairs.sort(key=lambda pair: (sum(people[code] for code in pair), pair))
    taken: list[list[str]] = []
    for pair in pairs:
        if not any(set(pair) & set(each) for each in taken):
            taken.append(pair)
            yield list(taken)


def _spans(groups: Sequence[Sequence[str]]) -> list[Rollup]:
    return [Rollup(f"{run[0]} to {run[-1]}", tuple(run)) for run in groups]


def _rest(codes: Sequence[str]) -> Rollup:
    if len(codes) == 2:
        return Rollup(" or ".join(codes), tuple(codes))
    spelt = ", ".join(codes) if len(codes) <= SPELT_OUT else f"{len(codes)} groups"
    return Rollup(f"Other ({spelt})", tuple(codes))

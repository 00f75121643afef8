"""Which categories of a dimension could be merged: neighbours if they are ordered, otherwise small ones."""

from collections.abc import Iterator, Mapping, Sequence

from evenstat.disclosure.recoding.changes import MergeCodes
from evenstat.disclosure.tables import TOTAL, Dimension, Rollup

MAX_NAMED = 3  # maximum number of codes in a name


def merges(dimension: Dimension, level: str, people: Mapping[str, int], *, ordered: bool) -> tuple[MergeCodes, ...]:
    """Merges of the codes of a level, the smallest first, from the smallest change to half the number of codes.

    Args:
        dimension, level: whose codes are merged.
        people: the number of people in each code.
        ordered: the codes are ordered, such as grades and ages, so only neighbours may be merged.

    >>> from evenstat.disclosure.tables import flat
    >>> grade = flat("grade", ["G1", "G2", "G3", "G4"])
    >>> for merge in merges(grade, "grade", {"G1": 9, "G2": 3, "G3": 80, "G4": 60}, ordered=True):
    ...     print(merge.words)
    grade with 'G1 to G2' together
    grade with 'G1 to G3' together
    """
    codes = dimension.levels[level]
    if ordered:
        candidates = _some([_spans(runs) for runs in _neighbours(codes, people)])
    else:
        siblings = [[_rest(group) for group in pairs] for pairs in _siblings(dimension, codes, people)]
        small = sorted(codes, key=lambda code: (people[code], code))
        rest = [[_rest(sorted(small[:many]))] for many in range(2, len(codes))]
        candidates = _some(siblings) + _some(rest[: len(codes) // 2])
    usable = [
        groups for groups in candidates if groups and not any(group.parent in dimension.codes for group in groups)
    ]
    return tuple(dict.fromkeys(MergeCodes(dimension.name, level, tuple(groups)) for groups in usable))


def _some(candidates: Sequence[list[Rollup]]) -> list[list[Rollup]]:
    """The first, a middle one, and the last."""
    return [candidates[at] for at in sorted({0, len(candidates) // 2, len(candidates) - 1})] if candidates else []


def _neighbours(codes: Sequence[str], people: Mapping[str, int]) -> Iterator[list[list[str]]]:
    """Merge the smallest code with its smaller neighbour repeatedly, until half the number of codes is left."""
    runs = [[code] for code in codes]
    size = {code: people[code] for code in codes}
    while len(runs) > max(len(codes) // 2, 2):
        totals = [sum(size[code] for code in run) for run in runs]
        smallest = min(range(len(runs)), key=lambda at: (totals[at], at))
        neighbour = min(
            (at for at in (smallest - 1, smallest + 1) if 0 <= at < len(runs)), key=lambda at: (totals[at], at)
        )
        first, second = sorted((smallest, neighbour))
        runs[first : second + 1] = [runs[first] + runs[second]]
        yield [run for run in runs if len(run) > 1]


def _siblings(dimension: Dimension, codes: Sequence[str], people: Mapping[str, int]) -> Iterator[list[list[str]]]:
    """Merge the two smallest codes of one group, then also those of the next group in size, and so on."""
    families = [
        [code for code in rollup.children if code in codes]
        for rollup in dimension.rollups
        if rollup.parent != TOTAL and len(rollup.children) > 2
    ]
    pairs = [
        sorted(sorted(family, key=lambda code: (people[code], code))[:2]) for family in families if len(family) > 2
    ]
    pairs.sort(key=lambda pair: (sum(people[code] for code in pair), pair))
    taken: list[list[str]] = []
    for pair in pairs:
        if not any(set(pair) & set(other) for other in taken):
            taken.append(pair)
            yield list(taken)


def _spans(groups: Sequence[Sequence[str]]) -> list[Rollup]:
    return [Rollup(f"{run[0]} to {run[-1]}", tuple(run)) for run in groups]


def _rest(codes: Sequence[str]) -> Rollup:
    if len(codes) == 2:
        return Rollup(" or ".join(codes), tuple(codes))
    names = ", ".join(codes) if len(codes) <= MAX_NAMED else f"{len(codes)} groups"
    return Rollup(f"Other ({names})", tuple(codes))

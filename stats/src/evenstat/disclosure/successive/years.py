"""Which people who joined, left or changed two years' figures tell of.

Most people are in both years, so that the difference of two published figures is made by the few who are not. Both
years are audited as one release in which everybody stayed, left or joined. Whoever knows who left and who joined,
though not what these are, is told of somebody where all of a group must be the same.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evenstat.disclosure.successive.movers import Exposure, Knows, Moves
from evenstat.disclosure.successive.parts import MOVED, Part, Ranges, TwoYears
from evenstat.disclosure.tables import Integers, Key, Publication
from evenstat.errors import InvalidInput


def exposures(
    previous: Publication,
    current: Publication,
    moved: Moves,
    *,
    about: Collection[str] = (),
    knows: Knows = Knows.WHO_MOVED,
) -> tuple[Exposure, ...]:
    """Whom the figures of two years tell of.

    Population: people who joined, left or changed between the years; both publications count the same kind of people.

    Method: last year's figures are those who stayed and those who left, this year's those who stayed and those who
        joined: one release, in which a reader knows who moved and everything of them but one thing. It is audited for
        each such thing; somebody is told where all who moved in a group must be the same. Whoever changed left and
        joined.

    Args:
        previous, current: what was printed, and what is or will be.
        moved: everybody who moved.
        about: the dimensions that a reader may not learn of anybody; each of them, unless said.
        knows: what the reader knows besides.

    Returns:
        One Exposure for each row and dimension that is told, in the order of the rows.

    Raises:
        InvalidInput: the moves lack a dimension of the tables, or name a category that it does not have.
        InvalidCount: the figures of a year contradict each other.

    Limits: a reader who knows everybody but one learns of that one from a single year too, wherever a figure is shown,
        so that few releases pass `ALL_BUT_ONE`. What a person is not is no exposure. More than two years at once, and
        people who know some of the others who moved, are not tried.

    Source: Hundepool et al. 2012, https://doi.org/10.1002/9781118348239, on differencing; the method is our own.

    >>> from evenstat.disclosure.successive.movers import Move
    >>> from evenstat.disclosure.tables import flat, from_records, layout, suppressed
    >>> site, sex = flat("site", ["North", "South"]), flat("sex", ["F", "M"])
    >>> shape = layout([site, sex], [["site", "sex"]])
    >>> rows = {"site": ["North", "North", "South"], "sex": ["F", "M", "F"]}
    >>> years = [from_records(shape, rows, people).counts for people in ([20, 30, 8], [20, 31, 7])]
    >>> before, after = (suppressed(shape, counts, counts < 0) for counts in years)
    >>> moved = Moves(("site", "sex"), (Move(None, ("North", "M")), Move(("South", "F"), None)))
    >>> for each in exposures(before, after, moved, about=["sex"]):
    ...     print(each.words)
    One person joined the workforce, and the figures of the two years show of this person: sex M.
    One person left the workforce, and the figures of the two years show of this person: sex F.
    """
    return seen(previous, current, moved, about, knows).exposures


@dataclass(frozen=True, slots=True)
class Seen:
    """What is seen from both years: people, and cells hidden this year that follow, as the new year numbers them."""

    exposures: tuple[Exposure, ...]
    reopened: tuple[int, ...]


def seen(previous: Publication, current: Publication, moved: Moves, about: Collection[str], knows: Knows) -> Seen:
    strangers = sorted(set(about) - set(previous.shape.names) - set(current.shape.names))
    if strangers:
        raise InvalidInput(f"The tables have no dimension {strangers[0]!r}: use {', '.join(current.shape.names)}.")
    years = TwoYears(previous, current, moved)
    years.refuse_what_the_moves_leave_open()
    rows = range(len(moved.rows))
    found: list[Exposure] = []
    reopened = np.zeros(len(years.shape), dtype=bool)
    for axis, dimension in enumerate(years.shape.dimensions):
        if not about or dimension.name in about:
            for asked in [[row] for row in rows] if knows is Knows.ALL_BUT_ONE else [rows]:
                unknown = _unknown(years, axis, asked, knows)
                deduced = years.deduced(unknown)
                found += _told(years, axis, asked, unknown, deduced)
                reopened |= years.hidden[Part.THIS] & (deduced[Part.THIS].low == deduced[Part.THIS].high)
    cells = years.in_new_year(np.flatnonzero(reopened))
    return Seen(tuple(sorted(found, key=lambda each: each.row)), tuple(sorted(cells)))


def _unknown(years: TwoYears, axis: int, asked: Sequence[int], knows: Knows) -> Mapping[Part, Ranges]:
    """What a reader knows of those who left and joined: all of them but, of the rows asked, this dimension."""
    group, named = years.without(axis), years.shape.codes[:, axis] > 0
    unknown = {}
    for part in MOVED:
        people = _in_doubt(years, part, asked, knows)
        low = np.where(named, years.moved_in(part) - people, years.moved_in(part))
        unknown[part] = Ranges(low, np.where(named, low + people[group], low))
    return unknown


def _told(
    years: TwoYears,
    axis: int,
    asked: Sequence[int],
    unknown: Mapping[Part, Ranges],
    deduced: Mapping[Part, Ranges],
) -> Iterator[Exposure]:
    """Those of the rows asked whose group must all be the same in this dimension."""
    for row in asked:
        told = {}
        for part in MOVED:
            open_to = unknown[part].low < unknown[part].high
            all_here = deduced[part].low == unknown[part].high
            told[part] = np.flatnonzero(years.inside(_key(years, row, part)) & open_to & all_here)
        exposure = _exposure(years, axis, row, told)
        if exposure is not None:
            yield exposure


def _in_doubt(years: TwoYears, part: Part, asked: Sequence[int], knows: Knows) -> Integers:
    """Of how many who left or joined the reader does not know the one thing, in each cell."""
    people = np.zeros(len(years.shape), dtype=np.int64)
    for row in asked:
        many = 1 if knows is Knows.ALL_BUT_ONE else years.moved.rows[row].people
        people += many * years.inside(_key(years, row, part))
    return people


def _key(years: TwoYears, row: int, part: Part) -> Key | None:
    move = years.moved.rows[row]
    return move.before if part is Part.LEFT else move.after


def _exposure(years: TwoYears, axis: int, row: int, told: Mapping[Part, Integers]) -> Exposure | None:
    dimension, codes, group = years.shape.dimensions[axis], years.shape.codes, years.without(axis)
    held = dimension.membership.sum(axis=1)
    told = {part: cells[held[codes[cells, axis]] < len(dimension.categories)] for part, cells in told.items()}
    every = np.unique(np.concatenate(list(told.values())))
    if not len(every):
        return None
    each = [codes[cells, axis] for cells in told.values() if len(cells)]
    finest = dict.fromkeys(dimension.codes[these[np.argmin(held[these])]] for these in each)
    where = int(group[every[np.argmin((codes[every] > 0).sum(axis=1))]])
    left, came = (years.inside(_key(years, row, part))[where] for part in MOVED)
    beside = np.setdiff1d(np.flatnonzero(np.isin(group, group[every]) & (codes[:, axis] > 0)), every)
    return Exposure(
        row,
        "changed in" if left and came else "joined" if came else "left",
        dimension.name,
        " and ".join(sorted(finest)),
        years.shape.named(where),
        years.in_new_year(every),
        years.in_new_year(beside),
    )

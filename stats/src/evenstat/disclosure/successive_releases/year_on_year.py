"""Which people who joined, left or changed are revealed by two years' figures.

Most people are in both years, so the difference between two published figures comes from the few who are not. Both
years are audited as one release in which everybody stayed, left or joined. An attacker who knows who left and who
joined, but not their characteristics, learns something about somebody if everybody in a group must have the same
characteristic.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evenstat.disclosure.successive_releases.movers import MoverDisclosure, MoverKnowledge, Moves
from evenstat.disclosure.successive_releases.two_years import MOVED, GroupRanges, TwoYears, YearPart
from evenstat.disclosure.tables import Integers, Key, Publication
from evenstat.errors import InvalidInput


def mover_disclosures(
    previous: Publication,
    current: Publication,
    moved: Moves,
    *,
    about: Collection[str] = (),
    knows: MoverKnowledge = MoverKnowledge.WHO_MOVED,
) -> tuple[MoverDisclosure, ...]:
    """The people about whom the figures of two years reveal something.

    Population: people who joined, left or changed between the years; both publications count the same kind of people.

    Method: last year's figures are those who stayed and those who left, this year's those who stayed and those who
    joined:
        one release, in which an attacker knows who moved and everything about them except one characteristic. It is
        audited for each characteristic; a person is revealed if everybody who moved in a group must have the same.
        People who changed count as left and joined.

    Args:
        previous, current: what was published, and what is or will be.
        moved: everybody who moved.
        about: the dimensions that an attacker may not learn about anybody; by default all of them.
        knows: what else the attacker knows.

    Returns:
        One MoverDisclosure for each row and dimension revealed, in the order of the rows.

    Raises:
        InvalidInput: the moves lack a dimension of the tables, or name a category that it does not have.
        InvalidCount: the figures of a year contradict each other.

    Limits: an attacker who knows everybody except one also learns about that one from a single year, wherever a figure
        is shown, so few releases pass `ALL_BUT_ONE`. Learning what a person is not does not count as a disclosure. More
        than two years at once, and people who know some of the other movers, are not tried.

    Source: Hundepool et al. 2012, https://doi.org/10.1002/9781118348239, on differencing; the method is our own.

    >>> from evenstat.disclosure.successive_releases.movers import Move
    >>> from evenstat.disclosure.tables import flat, from_records, layout, suppress_cells
    >>> site, sex = flat("site", ["North", "South"]), flat("sex", ["F", "M"])
    >>> shape = layout([site, sex], [["site", "sex"]])
    >>> rows = {"site": ["North", "North", "South"], "sex": ["F", "M", "F"]}
    >>> years = [from_records(shape, rows, people).counts for people in ([20, 30, 8], [20, 31, 7])]
    >>> before, after = (suppress_cells(shape, counts, counts < 0) for counts in years)
    >>> moved = Moves(("site", "sex"), (Move(None, ("North", "M")), Move(("South", "F"), None)))
    >>> for disclosure in mover_disclosures(before, after, moved, about=["sex"]):
    ...     print(disclosure.words)
    One person joined the workforce, and the figures of the two years reveal about this person: sex M.
    One person left the workforce, and the figures of the two years reveal about this person: sex F.
    """
    return find_mover_disclosures(previous, current, moved, about, knows).mover_disclosures


@dataclass(frozen=True, slots=True)
class MoverFindings:
    """The findings from both years: people, and derivable cells suppressed this year, as numbered by the new year."""

    mover_disclosures: tuple[MoverDisclosure, ...]
    reopened: tuple[int, ...]


def find_mover_disclosures(
    previous: Publication, current: Publication, moved: Moves, about: Collection[str], knows: MoverKnowledge
) -> MoverFindings:
    unknown_names = sorted(set(about) - set(previous.shape.names) - set(current.shape.names))
    if unknown_names:
        raise InvalidInput(f"The tables have no dimension {unknown_names[0]!r}: use {', '.join(current.shape.names)}.")
    years = TwoYears(previous, current, moved)
    years.refuse_unexplained_changes()
    rows = range(len(moved.rows))
    disclosures: list[MoverDisclosure] = []
    reopened = np.zeros(len(years.shape), dtype=bool)
    for axis, dimension in enumerate(years.shape.dimensions):
        if not about or dimension.name in about:
            for tested_rows in [[row] for row in rows] if knows is MoverKnowledge.ALL_BUT_ONE else [rows]:
                unknown = _unknown(years, axis, tested_rows, knows)
                deduced = years.deduced(unknown)
                disclosures += _disclosures(years, axis, tested_rows, unknown, deduced)
                reopened |= years.suppressed[YearPart.THIS] & (
                    deduced[YearPart.THIS].low == deduced[YearPart.THIS].high
                )
    cells = years.in_new_year(np.flatnonzero(reopened))
    return MoverFindings(tuple(sorted(disclosures, key=lambda disclosure: disclosure.row)), tuple(sorted(cells)))


def _unknown(
    years: TwoYears, axis: int, tested_rows: Sequence[int], knows: MoverKnowledge
) -> Mapping[YearPart, GroupRanges]:
    """What an attacker knows about those who left and joined: everything except this dimension of the tested rows."""
    group, named = years.total_over_axis(axis), years.shape.codes[:, axis] > 0
    unknown = {}
    for part in MOVED:
        people = _uncertain_people(years, part, tested_rows, knows)
        low = np.where(named, years.moved_in(part) - people, years.moved_in(part))
        unknown[part] = GroupRanges(low, np.where(named, low + people[group], low))
    return unknown


def _disclosures(
    years: TwoYears,
    axis: int,
    tested_rows: Sequence[int],
    unknown: Mapping[YearPart, GroupRanges],
    deduced: Mapping[YearPart, GroupRanges],
) -> Iterator[MoverDisclosure]:
    """Those of the tested rows whose group must all have the same code of this dimension."""
    for row in tested_rows:
        disclosed_cells = {}
        for part in MOVED:
            open_to = unknown[part].low < unknown[part].high
            all_here = deduced[part].low == unknown[part].high
            disclosed_cells[part] = np.flatnonzero(years.inside(_key(years, row, part)) & open_to & all_here)
        disclosure = _disclosure(years, axis, row, disclosed_cells)
        if disclosure is not None:
            yield disclosure


def _uncertain_people(years: TwoYears, part: YearPart, tested_rows: Sequence[int], knows: MoverKnowledge) -> Integers:
    """The number of people in each cell who left or joined and whose characteristic the attacker does not know."""
    people = np.zeros(len(years.shape), dtype=np.int64)
    for row in tested_rows:
        many = 1 if knows is MoverKnowledge.ALL_BUT_ONE else years.moved.rows[row].people
        people += many * years.inside(_key(years, row, part))
    return people


def _key(years: TwoYears, row: int, part: YearPart) -> Key | None:
    move = years.moved.rows[row]
    return move.before if part is YearPart.LEFT else move.after


def _disclosure(
    years: TwoYears, axis: int, row: int, disclosed_cells: Mapping[YearPart, Integers]
) -> MoverDisclosure | None:
    dimension, codes, group = years.shape.dimensions[axis], years.shape.codes, years.total_over_axis(axis)
    extent = dimension.membership.sum(axis=1)
    disclosed_cells = {
        part: cells[extent[codes[cells, axis]] < len(dimension.categories)] for part, cells in disclosed_cells.items()
    }
    all_cells = np.unique(np.concatenate(list(disclosed_cells.values())))
    if not len(all_cells):
        return None
    codes_by_part = [codes[cells, axis] for cells in disclosed_cells.values() if len(cells)]
    finest = dict.fromkeys(dimension.codes[part_codes[np.argmin(extent[part_codes])]] for part_codes in codes_by_part)
    where = int(group[all_cells[np.argmin((codes[all_cells] > 0).sum(axis=1))]])
    left, joined = (years.inside(_key(years, row, part))[where] for part in MOVED)
    residual_cells = np.setdiff1d(np.flatnonzero(np.isin(group, group[all_cells]) & (codes[:, axis] > 0)), all_cells)
    return MoverDisclosure(
        row,
        "changed in" if left and joined else "joined" if joined else "left",
        dimension.name,
        " and ".join(sorted(finest)),
        years.shape.named(where),
        years.in_new_year(all_cells),
        years.in_new_year(residual_cells),
    )

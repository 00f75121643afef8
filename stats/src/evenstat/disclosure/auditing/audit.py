"""The disclosure audit: what an attacker can derive from everything that is published."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np

from evenstat.disclosure.auditing.bounds import RangeSolver, whole_numbers
from evenstat.disclosure.auditing.constraint_system import Floats, Statement, constraint_systems
from evenstat.disclosure.policies import Attacker
from evenstat.disclosure.tables import CellParts, Integers, Layout, Publication
from evenstat.errors import InvalidInput

SOLVER = f"HiGHS {version('highspy')}"
NO_UPPER_BOUND = -1  # the cell has no upper bound


@dataclass(frozen=True, eq=False)
class DisclosureAudit:
    """For each cell whose count is not shown: the lower and upper bound that an attacker can prove.

    Arrays have one value for each cell of `cells` (numbers of the publication's layout). `high` is -1 if there is no
    upper bound. For singleton attackers the range is that of the one with the narrowest range found; a cell that any of
    them can work out is exactly disclosed.
    """

    publication: Publication
    attacker: Attacker
    cells: Integers
    low: Integers
    high: Integers
    solver: str

    @property
    def exactly_disclosed(self) -> Integers:
        """The cells whose count the attacker can work out exactly."""
        exactly_disclosed: Integers = self.cells[self.low == self.high]
        return exactly_disclosed

    def below(self, threshold: int) -> Integers:
        """The cells that the attacker can prove to be below the threshold."""
        below: Integers = self.cells[(self.high < threshold) & (self.high != NO_UPPER_BOUND)]
        return below


def audit(
    published: Publication,
    attacker: Attacker,
    *,
    singletons: Sequence[Integers] | None = None,
    statements: Sequence[Statement] = (),
) -> DisclosureAudit:
    """What an attacker of this kind can derive about each cell that is suppressed or rounded.

    Population: the cells of one publication; combine everything published about the same people into one.

    Method: the smallest and largest value of each cell over all tables of counts, fractional ones included, that fit
        every published sum, range and statement, by linear programming with HiGHS; rounded inwards to whole numbers. A
        ZEROS_SHOWN attacker knows that suppressed cells are at least 1 if zeros are shown. A SINGLETON attacker is each
        person in turn who is the only one in cells that are not shown: they know these cells and every part of them.

    Args:
        published: what is published; it does not contain true counts of suppressed cells.
        attacker: which kind of attacker.
        singletons: for SINGLETON, the cells with a count of 1 that contain each singleton: only the authority knows
        them.
        statements: percentages, averages and other published figures.

    Returns:
        DisclosureAudit, with a range for each unknown cell.

    Raises:
        InvalidInput: SINGLETON without `singletons`. InvalidCount: no counts fit the publication.

    Limits: an attacker who considers only whole counts may know more than an LP shows. Attackers who know the program,
        who pool what they know, or who have knowledge from outside the publication are not tried.

    Source: Fischetti and Salazar 2001, https://doi.org/10.1287/mnsc.47.7.1008.9805.

    >>> from evenstat.disclosure.tables import flat, from_records, layout, suppress_cells
    >>> shape = layout([flat("grade", ["G1", "G2", "G3"])], [["grade"]])
    >>> tables = from_records(shape, {"grade": ["G1", "G2", "G3"]}, [3, 4, 40])
    >>> suppressed = (tables.counts > 0) & (tables.counts < 5)
    >>> audited = audit(suppress_cells(shape, tables.counts, suppressed), Attacker.ZEROS_SHOWN)
    >>> ranges = zip(audited.cells, audited.low, audited.high)
    >>> [(shape.named(int(cell)), int(low), int(high)) for cell, low, high in ranges]
    [('G1', 1, 6), ('G2', 1, 6)]
    """
    if attacker is Attacker.SINGLETON and singletons is None:
        raise InvalidInput(
            "A singleton attacker is the only person in a cell: give `singletons`, the cells that contain them."
        )
    suppressed_lower_bound = 1 if published.zeros_shown and attacker is not Attacker.NON_NEGATIVE else 0
    cells, low, high = [], [], []
    for system in constraint_systems(published, suppressed_lower_bound, statements):
        solver = RangeSolver(system)
        bounds = solver.bounds()
        if attacker is Attacker.SINGLETON:
            bounds = _ranges_with_singletons(solver, bounds, singletons or (), published.shape)
        lowest, highest = whole_numbers(*bounds)
        cells.append(system.cells)
        low.append(lowest)
        high.append(highest)
    every = np.concatenate([np.zeros(0, dtype=np.int64), *cells])
    order = np.argsort(every, kind="stable")
    order = order[~published.shape.unpublished[every[order]]]
    lows, highs = (np.concatenate([np.zeros(0, dtype=np.int64), *parts])[order] for parts in (low, high))
    return DisclosureAudit(published, attacker, every[order], lows, highs, SOLVER)


def _ranges_with_singletons(
    solver: RangeSolver, bounds: tuple[Floats, Floats], singletons: Sequence[Integers], shape: Layout
) -> tuple[Floats, Floats]:
    """For each cell the range of the singleton attacker with the narrowest range found."""
    people = _known_to_singletons(solver, singletons, shape)
    low, high = (end.copy() for end in bounds)
    knows_most = np.full(len(low), -1)
    for person, known in enumerate(people):
        person_low, person_high = solver.approximate_bounds_knowing(known)
        narrower = _width(person_low, person_high) < _width(low, high)
        narrower[list(known)] = False  # their own cells are not disclosures
        low[narrower], high[narrower], knows_most[narrower] = person_low[narrower], person_high[narrower], person
    for person in np.unique(knows_most[knows_most >= 0]).tolist():
        places = np.flatnonzero(knows_most == person)
        low[places], high[places] = solver.bounds_knowing(people[person], places.tolist())
    return low, high


def _known_to_singletons(solver: RangeSolver, singletons: Sequence[Integers], shape: Layout) -> list[dict[int, int]]:
    """For each singleton, the values that they know: 1 in their own cells, 0 in the other parts of these."""
    place = {cell: at for at, cell in enumerate(solver.system.cells.tolist())}
    parts = CellParts(shape)
    people: dict[tuple[tuple[int, int], ...], dict[int, int]] = {}
    for cells in singletons:
        own, known_of = set(cells.tolist()), parts.with_parts(cells[~shape.unpublished[cells]])
        known = {place[cell]: int(cell in own) for cell in known_of.tolist() if cell in place}
        people[tuple(known.items())] = known
    return [known for known in people.values() if known]


def _width(low: Floats, high: Floats) -> Floats:
    lowest, highest = whole_numbers(low, high)
    return np.where(highest == NO_UPPER_BOUND, np.inf, (highest - lowest).astype(np.float64))

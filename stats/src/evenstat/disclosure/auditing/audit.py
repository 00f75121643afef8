"""What a reader can work out of everything that is published."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np

from evenstat.disclosure.auditing.bounds import Deducer, whole
from evenstat.disclosure.auditing.facts import Floats, Statement, systems
from evenstat.disclosure.policies import Attacker
from evenstat.disclosure.tables import Integers, Layout, Parts, Publication
from evenstat.errors import InvalidInput

SOLVER = f"HiGHS {version('highspy')}"
NO_MOST = -1  # nothing limits the cell from above


@dataclass(frozen=True, eq=False)
class Audited:
    """For each cell that is not printed as it is: the least and the most that a reader can prove.

    Arrays are one value a cell of `cells` (numbers of the publication's shape). `high` is -1 where there is no limit.
    For readers of kind C the range is that of the one who was found to know most of the cell; a cell that any of them
    works out is exact.
    """

    publication: Publication
    attacker: Attacker
    cells: Integers
    low: Integers
    high: Integers
    solver: str

    @property
    def exact(self) -> Integers:
        """The cells that the reader works out exactly."""
        exact: Integers = self.cells[self.low == self.high]
        return exact

    def below(self, threshold: int) -> Integers:
        """The cells that the reader can prove to be below the threshold."""
        below: Integers = self.cells[(self.high < threshold) & (self.high != NO_MOST)]
        return below


def audit(
    published: Publication,
    attacker: Attacker,
    *,
    alone: Sequence[Integers] | None = None,
    statements: Sequence[Statement] = (),
) -> Audited:
    """What a reader of this kind can deduce of each cell that is hidden or rounded.

    Population: the cells of one publication; everything out about the same people is joined into one.

    Method: smallest and largest value of each cell over all tables of counts, not only whole ones, that every published
        sum, range and statement allows, by linear programming with HiGHS; rounded inwards to whole numbers. A reader of
        kind B knows that a hidden cell holds at least 1 where zeros are shown. One of kind C is each person in turn who
        is alone in cells that are not printed: they know these, and every part of them.

    Args:
        published: what is printed; true counts of hidden cells are not in it.
        attacker: A, B or C.
        alone: for C, the cells of one that hold each person who is alone: only the authority can know them.
        statements: percentages, averages and other figures printed beside.

    Returns:
        Audited, with a range for each unknown cell.

    Raises:
        InvalidInput: C without `alone`. InvalidCount: no counts fit what is published.

    Limits: a reader who counts in whole people may know more than a linear programme; one who knows the program,
        people who pool what they know, and what people know beside the publication are not tried.

    Source: Fischetti and Salazar 2001, https://doi.org/10.1287/mnsc.47.7.1008.9805.

    >>> from evenstat.disclosure.tables import flat, from_records, layout, suppressed
    >>> shape = layout([flat("grade", ["G1", "G2", "G3"])], [["grade"]])
    >>> tables = from_records(shape, {"grade": ["G1", "G2", "G3"]}, [3, 4, 40])
    >>> hidden = (tables.counts > 0) & (tables.counts < 5)
    >>> found = audit(suppressed(shape, tables.counts, hidden), Attacker.B)
    >>> [(shape.named(int(cell)), int(low), int(high)) for cell, low, high in zip(found.cells, found.low, found.high)]
    [('G1', 1, 6), ('G2', 1, 6)]
    """
    if attacker is Attacker.C and alone is None:
        raise InvalidInput("Readers of kind C are people who are alone in a cell: say which cells hold them.")
    least = 1 if published.zeros_shown and attacker is not Attacker.A else 0
    cells, low, high = [], [], []
    for system in systems(published, least, statements):
        deducer = Deducer(system)
        bounds = deducer.bounds()
        if attacker is Attacker.C:
            bounds = _by_people(deducer, bounds, alone or (), published.shape)
        lowest, highest = whole(*bounds)
        cells.append(system.cells)
        low.append(lowest)
        high.append(highest)
    every = np.concatenate([np.zeros(0, dtype=np.int64), *cells])
    order = np.argsort(every, kind="stable")
    order = order[~published.shape.behind[every[order]]]
    lows, highs = (np.concatenate([np.zeros(0, dtype=np.int64), *each])[order] for each in (low, high))
    return Audited(published, attacker, every[order], lows, highs, SOLVER)


def _by_people(
    deducer: Deducer, bounds: tuple[Floats, Floats], alone: Sequence[Integers], shape: Layout
) -> tuple[Floats, Floats]:
    """For each cell the range of whoever was found to know most of it."""
    people = _known_by_people(deducer, alone, shape)
    low, high = (each.copy() for each in bounds)
    knows_most = np.full(len(low), -1)
    for who, known in enumerate(people):
        theirs_low, theirs_high = deducer.several_knowing(known)
        narrower = _width(theirs_low, theirs_high) < _width(low, high)
        narrower[list(known)] = False  # what they know of themselves is no discovery
        low[narrower], high[narrower], knows_most[narrower] = theirs_low[narrower], theirs_high[narrower], who
    for who in np.unique(knows_most[knows_most >= 0]).tolist():
        asked = np.flatnonzero(knows_most == who)
        low[asked], high[asked] = deducer.bounds_knowing(people[who], asked.tolist())
    return low, high


def _known_by_people(deducer: Deducer, alone: Sequence[Integers], shape: Layout) -> list[dict[int, int]]:
    """For each person who is alone, what cells of the system hold: them, or in other parts of their cells nobody."""
    place = {cell: at for at, cell in enumerate(deducer.system.cells.tolist())}
    parts = Parts(shape)
    people: dict[tuple[tuple[int, int], ...], dict[int, int]] = {}
    for each in alone:
        own, known_of = set(each.tolist()), parts.within(each[~shape.behind[each]])
        known = {place[cell]: int(cell in own) for cell in known_of.tolist() if cell in place}
        people[tuple(known.items())] = known
    return [known for known in people.values() if known]


def _width(low: Floats, high: Floats) -> Floats:
    lowest, highest = whole(low, high)
    return np.where(highest == NO_MOST, np.inf, (highest - lowest).astype(np.float64))

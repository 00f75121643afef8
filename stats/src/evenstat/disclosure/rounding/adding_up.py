"""Controlled rounding: multiples of the base that add up as the true counts do, as near to these as can be."""

from dataclasses import dataclass

import highspy
import numpy as np

from evenstat.disclosure.policies import Policy
from evenstat.disclosure.rounding.printed import Printed, printed, within
from evenstat.disclosure.rounding.solver import Programme, Row, solved
from evenstat.disclosure.tables import Integers, Layout
from evenstat.errors import CannotProtect


@dataclass(frozen=True, slots=True)
class AddedUp:
    """`distance` is what was allowed; `proven`: no other such table is nearer to the true counts."""

    printed: Printed
    distance: int
    proven: bool


def to_add_up(shape: Layout, counts: Integers, policy: Policy) -> AddedUp:
    """First each count to one of the two multiples beside it, a multiple to itself; then farther, as the policy allows.

    Raises:
        CannotProtect: no multiples add up within the policy's distance, or none were found in time.
    """
    base = policy.base
    least, most = counts // base, -(-counts // base)
    widest = max(policy.distance, base - 1)
    for distance in (base - 1, widest):
        if distance > base - 1:
            least = np.maximum(-(-(counts - distance) // base), 0)
            most = np.where(counts == 0, 0, (counts + distance) // base)
        found = solved(_programme(shape, counts, base, least, most))
        if found is not None:
            size = len(counts)
            values = (np.round(found.values[:size]).astype(np.int64) + least) * base
            low, high = within(values, distance, zeros_stay=True)
            return AddedUp(printed(values, low, high), distance, found.proven)
    raise CannotProtect(
        f"No multiples of {base} within {widest} of the true counts were found that add up in all these tables: publish"
        f" fewer tables together, take a policy that allows a greater distance, or round each count on its own."
    )


def _programme(shape: Layout, counts: Integers, base: int, least: Integers, most: Integers) -> Programme:
    """Columns: for each cell how many times the base above the least that it is printed, then how far from the truth.

    Counted from the least, so that "near enough" is measured against distances and not against counts.
    """
    size, seen = len(counts), ~shape.behind
    rows = [
        Row((*parts.tolist(), whole), (*(1.0,) * len(parts), -1.0), *(float(least[whole] - least[parts].sum()),) * 2)
        for whole, parts in shape.sums()
        if seen[whole] and seen[parts].all()
    ]
    over = counts - least * base
    two = seen & (most - least == 1)
    cost = np.zeros(2 * size)
    cost[:size][two] = (base - 2 * over)[two]  # how much farther the upper one is
    for cell in np.flatnonzero(seen & (most - least > 1)).tolist():
        cost[size + cell] = 1.0
        rows += _away(cell, size + cell, float(base), float(over[cell]))
    room = np.where(seen, most - least, 0)
    upper = np.concatenate([room, np.full(size, highspy.kHighsInf)]).astype(np.float64)
    whole_numbers = np.concatenate([seen, np.zeros(size, dtype=bool)])
    return Programme(cost, np.zeros(2 * size), upper, tuple(rows), whole_numbers, offset=float(over[two].sum()))


def _away(cell: int, distance: int, base: float, over: float) -> tuple[Row, Row]:
    """The distance is at least that of the multiple from the count, whichever is above."""
    return (
        Row((distance, cell), (1.0, -base), -over, highspy.kHighsInf),
        Row((distance, cell), (1.0, base), over, highspy.kHighsInf),
    )

"""Controlled rounding: multiples of the base that add up like the true counts, as close to these as possible."""

from dataclasses import dataclass

import highspy
import numpy as np

from evenstat.disclosure.policies import Policy
from evenstat.disclosure.rounding.printed_counts import PrintedCounts, counts_within, printed_counts
from evenstat.disclosure.rounding.solver import ConstraintRow, LinearProgram, solve
from evenstat.disclosure.tables import Integers, Layout
from evenstat.errors import CannotProtect


@dataclass(frozen=True, slots=True)
class ControlledRounding:
    """`distance` is the maximum that was allowed; `proven`: no other such table is closer to the true counts."""

    printed_counts: PrintedCounts
    distance: int
    proven: bool


def round_controlled(shape: Layout, counts: Integers, policy: Policy) -> ControlledRounding:
    """First each count to one of the two adjacent multiples (multiples stay); then further away, if the policy allows
    it.

    Raises:
        CannotProtect: no multiples add up within the policy's distance, or none were found in time.
    """
    base = policy.base
    lowest, highest = counts // base, -(-counts // base)
    max_distance = max(policy.distance, base - 1)
    for distance in (base - 1, max_distance):
        if distance > base - 1:
            lowest = np.maximum(-(-(counts - distance) // base), 0)
            highest = np.where(counts == 0, 0, (counts + distance) // base)
        solution = solve(_rounding_lp(shape, counts, base, lowest, highest))
        if solution is not None:
            size = len(counts)
            values = (np.round(solution.values[:size]).astype(np.int64) + lowest) * base
            low, high = counts_within(values, distance, zeros_published=True)
            return ControlledRounding(printed_counts(values, low, high), distance, solution.proven)
    raise CannotProtect(
        f"No multiples of {base} within {max_distance} of the true counts were found that add up in all these"
        " tables. Publish fewer tables together, use a policy with a larger distance, or round each count separately."
    )


def _rounding_lp(shape: Layout, counts: Integers, base: int, lowest: Integers, highest: Integers) -> LinearProgram:
    """Columns: for each cell the number of bases above its lowest allowed multiple, then its distance from the true
    count.

    Counting from the lowest multiple makes the MIP gap relative to distances and not to counts.
    """
    size, published = len(counts), ~shape.unpublished
    rows = [
        ConstraintRow(
            (*parts.tolist(), whole), (*(1.0,) * len(parts), -1.0), *(float(lowest[whole] - lowest[parts].sum()),) * 2
        )
        for whole, parts in shape.sums()
        if published[whole] and published[parts].all()
    ]
    over = counts - lowest * base
    adjacent = published & (highest - lowest == 1)
    cost = np.zeros(2 * size)
    cost[:size][adjacent] = (base - 2 * over)[adjacent]  # how much further away the upper multiple is
    for cell in np.flatnonzero(published & (highest - lowest > 1)).tolist():
        cost[size + cell] = 1.0
        rows += _distance_rows(cell, size + cell, float(base), float(over[cell]))
    span = np.where(published, highest - lowest, 0)
    upper = np.concatenate([span, np.full(size, highspy.kHighsInf)]).astype(np.float64)
    whole_numbers = np.concatenate([published, np.zeros(size, dtype=bool)])
    return LinearProgram(
        cost, np.zeros(2 * size), upper, tuple(rows), whole_numbers, offset=float(over[adjacent].sum())
    )


def _distance_rows(cell: int, distance: int, base: float, over: float) -> tuple[ConstraintRow, ConstraintRow]:
    """The distance is at least that between the multiple and the count, whichever is larger."""
    return (
        ConstraintRow((distance, cell), (1.0, -base), -over, highspy.kHighsInf),
        ConstraintRow((distance, cell), (1.0, base), over, highspy.kHighsInf),
    )

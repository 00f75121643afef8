"""Averages, medians, gaps and percentages, each only where it gives nothing away."""

from collections.abc import Sequence

import numpy as np

from evenstat.disclosure.hiding.protect import Pattern
from evenstat.disclosure.magnitudes.protect_sums import AmountPattern
from evenstat.errors import InvalidInput
from evenstat.estimates import CONFIDENTIAL, Hidden, Shorthand

NOT_APPLICABLE = Hidden(Shorthand.NOT_APPLICABLE)
Figure = float | Hidden


def averages(pattern: AmountPattern) -> tuple[Figure, ...]:
    """The mean of each cell, in the unit of the amounts."""
    amounts = pattern.amounts
    people = np.maximum(amounts.contributors, 1)
    return _shown(pattern, (amounts.sums / people).tolist())


def medians(pattern: AmountPattern) -> tuple[Figure, ...]:
    """The median of each cell, in the unit of the amounts."""
    each = [pattern.amounts.of(cell) for cell in range(len(pattern.amounts.shape))]
    return _shown(pattern, [float(np.median(values)) if len(values) else 0.0 for values in each])


def gap_percent(pattern: AmountPattern, figures: Sequence[Figure], cell: int, against: int) -> Figure:
    """By how much a cell's average or median is below another's, in percent of that; -5 means 5% above.

    Hidden where either is: beside one of them, the gap is the other.

    Population: the contributors to the two cells.   Method: 100 times (theirs - ours) / theirs.
    Args: the pattern, `averages` or `medians` of it, and the numbers of the two cells.
    Returns: a percentage, or why there is none.   Raises: InvalidInput where the figures are of other cells.
    """
    if len(figures) != len(pattern.amounts.shape):
        raise InvalidInput(
            f"{len(figures)} figures for {len(pattern.amounts.shape)} cells: give those of this pattern."
        )
    ours, theirs = figures[cell], figures[against]
    if isinstance(ours, Hidden) or isinstance(theirs, Hidden):
        return ours if isinstance(ours, Hidden) else theirs
    return 100 * (theirs - ours) / theirs if theirs else NOT_APPLICABLE


def percentage(pattern: Pattern, part: int, base: int) -> Figure:
    """What percentage of the people of one cell are in another, where both counts are shown and the base is enough.

    A quarter's share of women is this, with the quarters as a dimension of the tables.
    """
    counts, hidden = pattern.tables.counts, pattern.hidden | pattern.tables.shape.behind
    if counts[part] > counts[base]:
        shape = pattern.tables.shape
        raise InvalidInput(f"{shape.named(part)} has more people than {shape.named(base)}: it is no part of it.")
    if hidden[part] or hidden[base] or 0 < counts[base] < pattern.policy.percent_base:
        return CONFIDENTIAL
    return 100 * float(counts[part]) / float(counts[base]) if counts[base] else NOT_APPLICABLE


def _shown(pattern: AmountPattern, values: Sequence[float]) -> tuple[Figure, ...]:
    shown, people = pattern.averages_shown.tolist(), pattern.amounts.contributors.tolist()
    return tuple(
        value if show else CONFIDENTIAL if number or not pattern.policy.zeros_shown else NOT_APPLICABLE
        for value, show, number in zip(values, shown, people, strict=True)
    )

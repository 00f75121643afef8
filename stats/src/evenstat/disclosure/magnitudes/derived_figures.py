"""Averages, medians, gaps and percentages, shown only if they disclose nothing."""

from collections.abc import Sequence

import numpy as np

from evenstat.disclosure.magnitudes.protect_sums import AmountPattern
from evenstat.disclosure.suppression.protect import Pattern
from evenstat.errors import InvalidInput
from evenstat.estimates import CONFIDENTIAL, Shorthand, Suppressed

NOT_APPLICABLE = Suppressed(Shorthand.NOT_APPLICABLE)
Figure = float | Suppressed


def averages(pattern: AmountPattern) -> tuple[Figure, ...]:
    """The mean of each cell, in the unit of the amounts."""
    amounts = pattern.amounts
    people = np.maximum(amounts.contributors, 1)
    return _shown(pattern, (amounts.sums / people).tolist())


def medians(pattern: AmountPattern) -> tuple[Figure, ...]:
    """The median of each cell, in the unit of the amounts."""
    contributions = [pattern.amounts.of(cell) for cell in range(len(pattern.amounts.shape))]
    return _shown(pattern, [float(np.median(values)) if len(values) else 0.0 for values in contributions])


def gap_percent(pattern: AmountPattern, figures: Sequence[Figure], cell: int, against: int) -> Figure:
    """By how much a cell's average or median is below another's, as a percentage of that; -5 means 5% above.

    Suppressed if either is suppressed, because the gap and one of them give the other.

    Population: the contributors to the two cells.   Method: 100 times (theirs - ours) / theirs.
    Args: the pattern, its `averages` or `medians`, and the numbers of the two cells.
    Returns: a percentage, or why there is none.   Raises: InvalidInput if the figures are for other cells.
    """
    if len(figures) != len(pattern.amounts.shape):
        raise InvalidInput(
            f"{len(figures)} figures for {len(pattern.amounts.shape)} cells. Give the figures of this pattern."
        )
    ours, theirs = figures[cell], figures[against]
    if isinstance(ours, Suppressed) or isinstance(theirs, Suppressed):
        return ours if isinstance(ours, Suppressed) else theirs
    return 100 * (theirs - ours) / theirs if theirs else NOT_APPLICABLE


def percentage(pattern: Pattern, part: int, base: int) -> Figure:
    """The percentage of the people of one cell who are in another, if both counts are shown and the base is large
    enough.

    A quartile's share of women is such a percentage, with the quartiles as a dimension of the tables.
    """
    counts, suppressed = pattern.tables.counts, pattern.suppressed | pattern.tables.shape.unpublished
    if counts[part] > counts[base]:
        shape = pattern.tables.shape
        raise InvalidInput(f"{shape.named(part)} has more people than {shape.named(base)}, so it is not a part of it.")
    if suppressed[part] or suppressed[base] or 0 < counts[base] < pattern.policy.percent_base:
        return CONFIDENTIAL
    return 100 * float(counts[part]) / float(counts[base]) if counts[base] else NOT_APPLICABLE


def _shown(pattern: AmountPattern, values: Sequence[float]) -> tuple[Figure, ...]:
    shown, people = pattern.averages_shown.tolist(), pattern.amounts.contributors.tolist()
    return tuple(
        value if show else CONFIDENTIAL if number or not pattern.policy.zeros_shown else NOT_APPLICABLE
        for value, show, number in zip(values, shown, people, strict=True)
    )

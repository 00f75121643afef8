"""From a difference in parts of people to one in whole people: other corners of the programme, then branching."""

from collections.abc import Callable

import numpy as np

from evenstat.disclosure.hiding.differences import Difference
from evenstat.disclosure.hiding.programmes import Floats
from evenstat.disclosure.tables import Flags

CORNERS = 5  # at made-up prices
SEARCHED_AFTER = (2, 4)  # corners
DEARER = 3.0  # how much more at most, besides, what one corner has changed costs at the next


class Corners:
    """One stream of made-up prices, so that the same questions in the same order have the same answers."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(0)

    def whole(
        self,
        asked: Callable[[Floats], Difference | None],
        searched: Callable[[Flags], Difference | None],
        prices: Floats,
    ) -> Difference | None:
        """A corner in whole people, or people moved only where a few corners do.

        What a corner has changed costs more at the next, so that they are of other cells: a search in whole numbers
        among these is short, and mostly finds something.

        Args:
            asked: the cheapest difference at certain prices. searched: one in whole people among certain cells.
            prices: of the first corner, one a cell.
        """
        prices, changed = prices.copy(), np.zeros(len(prices), dtype=bool)
        for corner in range(CORNERS):
            found = asked(prices)
            if found is None or found.whole:
                return found
            changed[found.cells] = True
            prices[found.cells] *= 1.0 + DEARER * self._random.random(len(found.cells))
            if corner in SEARCHED_AFTER and (whole := searched(changed)):
                return whole
        return None

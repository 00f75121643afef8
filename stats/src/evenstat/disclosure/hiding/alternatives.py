"""Whether other tables would publish the same as this one: every question that the search for a pattern asks.

The cheapest difference that changes a cell, counted over cells that are not hidden yet, is a linear programme, asked
whole where the tables are small, and nearby first where they are large. A difference of hidden cells alone is asked of
a programme that holds no others, or nearby too.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from evenstat.disclosure.hiding.among_hidden import AmongHidden
from evenstat.disclosure.hiding.asking import Asking
from evenstat.disclosure.hiding.asking_nearby import AskingNearby
from evenstat.disclosure.hiding.differences import SMALL, Difference, Falls, Question
from evenstat.disclosure.hiding.programmes import Floats, Sums
from evenstat.disclosure.tables import Flags, Integers, Layout

HIDDEN = 0.02  # what a hidden cell costs nearby, so that few of them differ
LARGE = 5_000  # cells that may differ; with more of them, programmes are asked nearby first


class Alternatives:
    """All differences of one set of counts.

    Cells in `fixed` never differ: true zeros that are shown and figures that must stand. The others fall at most by
    their count less `least`, what a reader knows a hidden cell to hold.
    """

    def __init__(
        self, shape: Layout, counts: Integers, fixed: Flags, least: Integers, *, divisible: bool = False
    ) -> None:
        self._may_differ = ~fixed
        self._falls = Falls(np.maximum(counts - least, 0).astype(np.float64), divisible)
        self._sums = Sums(shape, self._may_differ)
        self._among = AmongHidden(self._sums, self._may_differ, self._falls)
        self._cost = np.ones(len(shape))
        large = self._may_differ.sum() > LARGE
        self._nearby = AskingNearby(shape, self._sums, self._falls) if large else None
        self._whole: Asking | None = None
        self._solves = 0

    @property
    def solves(self) -> int:
        return self._solves + self._among.solves + (self._nearby.solves if self._nearby else 0)

    @property
    def gave_up(self) -> bool:
        """The last search in whole people, before it knew whether there is a difference."""
        return self._among.gave_up

    def price(self, cost: Floats) -> None:
        """What it costs to let each cell differ, a person; 0 for what is hidden already."""
        self._cost = cost

    def cheapest(self, cell: int, *, rise: float = 0.0, known: Sequence[int] = ()) -> Difference | None:
        """The cheapest difference in a cell, where a reader knows the cells `known`: up by `rise`, or by 1 either way.

        None where there is no difference at all.
        """
        questions, found = self._questions(cell, rise, known), None
        if self._nearby:
            found = self._cheaper(self._near, questions)
        return found or self._cheaper(self._wholly, questions)

    def among(self, cell: int, hidden: Flags, *, rise: float = 0.0, known: Sequence[int] = ()) -> Difference | None:
        """One of hidden cells alone, in whole people and moving few of them, where it is found."""
        in_parts = False
        for question in self._questions(cell, rise, known):
            if self._nearby:
                found = self._nearby.asked(question, np.ones(len(hidden)), hidden & self._may_differ)
            else:
                found = self._among.fewest(question, hidden)
            if found is not None and found.whole:
                return found
            in_parts |= found is not None
        if not in_parts or self._nearby:  # which has looked for whole people by itself
            return None
        return self.in_whole_people(cell, rise=rise, known=known, hidden=hidden)

    def in_whole_people(
        self, cell: int, *, rise: float = 0.0, known: Sequence[int] = (), hidden: Flags | None = None
    ) -> Difference | None:
        """As `cheapest`, by a search in whole numbers that may give up; among `hidden` cells only, where given."""
        self._among.gave_up = False
        questions = self._questions(cell, rise, known)
        if hidden is not None:
            for question in questions:
                found = self._among.in_whole_people(question, hidden)
                if found is not None:
                    return self._priced(found)
        for question in questions:
            found = self._among.searched(question, self._may_differ if hidden is None else hidden, self._cost)
            if found is not None:
                return self._priced(found)
        return None

    def _questions(self, cell: int, rise: float, known: Sequence[int]) -> list[Question]:
        if cell in known or not self._may_differ[cell]:
            return []
        up = Question(cell, max(rise, 1.0), known)
        return [up] if rise or self._falls.most[cell] < 1.0 else [up, Question(cell, -1.0, known)]

    def _cheaper(
        self, asked: Callable[[Question], Difference | None], questions: Sequence[Question]
    ) -> Difference | None:
        best: Difference | None = None
        for question in questions:
            found = asked(question)
            if found is not None and (best is None or _rank(found) < _rank(best)):
                best = found
            if best is not None and best.cost < SMALL and best.whole:
                break
        return best

    def _near(self, question: Question) -> Difference | None:
        assert self._nearby is not None
        found = self._nearby.asked(question, np.maximum(self._cost, HIDDEN), self._may_differ)
        return self._priced(found) if found is not None else None

    def _wholly(self, question: Question) -> Difference | None:
        if self._whole is None:
            self._whole = Asking(self._sums, np.flatnonzero(self._may_differ), self._falls)
        self._whole.price(self._cost)
        self._solves += 1
        return self._whole.asked(question)

    def _priced(self, found: Difference) -> Difference:
        """One found at made-up prices, at the true ones."""
        return replace(found, cost=float(self._cost[found.cells] @ np.abs(found.by)))


def _rank(found: Difference) -> tuple[int, bool]:
    return round(found.cost / SMALL), not found.whole

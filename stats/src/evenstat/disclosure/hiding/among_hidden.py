"""Differences of hidden cells alone: what shows that a cell is safe with nothing more hidden."""

import numpy as np

from evenstat.disclosure.hiding.asking import Asking
from evenstat.disclosure.hiding.asking_once import asked_once
from evenstat.disclosure.hiding.corners import Corners
from evenstat.disclosure.hiding.differences import Difference, Falls, Question
from evenstat.disclosure.hiding.programmes import Floats, Sums
from evenstat.disclosure.tables import Flags

SPARE = 1.3  # cells that the programmes may hold, as a multiple of the hidden ones


class AmongHidden:
    """Asked of one pattern after another; while these only shrink, the programmes go on from their last answers."""

    def __init__(self, sums: Sums, may_differ: Flags, falls: Falls) -> None:
        self.solves = 0
        self.gave_up = False  # the last search in whole people, before it knew whether there is a difference
        self._sums, self._may_differ, self._falls = sums, may_differ, falls
        self._covered = np.zeros(len(may_differ), dtype=bool)
        self._asking: Asking | None = None
        self._corners = Corners()

    def fewest(self, question: Question, hidden: Flags) -> Difference | None:
        """The one that moves the fewest people, perhaps in parts of these."""
        return self._asked(question, hidden, np.ones(len(hidden)))

    def in_whole_people(self, question: Question, hidden: Flags) -> Difference | None:
        """One that moves few people, though perhaps not the fewest."""
        return self._corners.whole(
            lambda prices: self._asked(question, hidden, prices),
            lambda changed: self.searched(question, changed),
            np.ones(len(hidden)),
        )

    def _asked(self, question: Question, hidden: Flags, prices: Floats) -> Difference | None:
        asking = self._covering(hidden)
        asking.price(prices)
        self.solves += 1
        return asking.asked(question)

    def searched(self, question: Question, among: Flags, cost: Floats | None = None) -> Difference | None:
        """In whole numbers, by branching: few cells, beside those that cost most. It may give up."""
        closed = np.zeros(len(among), dtype=bool)
        closed[list(question.known)] = True
        cells = np.flatnonzero(among & self._may_differ & ~closed)
        prices = np.ones(len(among)) if cost is None else 1.0 + 1000.0 * cost
        answer = asked_once(self._sums, self._falls, question, cells, prices, whole=True)
        self.solves += 1
        self.gave_up |= answer.gave_up
        return answer.found

    def _covering(self, hidden: Flags) -> Asking:
        """A programme of the hidden cells, made anew where one of them is not in the last one."""
        hidden = hidden & self._may_differ
        if self._asking is None or (hidden & ~self._covered).any():
            both = hidden | self._covered
            self._covered = both if both.sum() < SPARE * hidden.sum() else hidden
            self._asking = Asking(self._sums, np.flatnonzero(self._covered), self._falls)
        self._asking.keep_open(hidden)
        return self._asking

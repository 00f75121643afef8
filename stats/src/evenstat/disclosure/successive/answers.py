"""What is answered when one more table is to go out: what of it is hidden and why, or why it can't."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np

from evenstat.disclosure.auditing import Audited
from evenstat.disclosure.hiding import Pattern
from evenstat.disclosure.successive.movers import Exposure
from evenstat.disclosure.tables import Flags, Integers, Layout, Publication


class Why(StrEnum):
    """Why a figure of the new tables is hidden."""

    SMALL = "small"  # by rule
    OUT_HIDDEN = "out_hidden"  # it is hidden in what is out
    BESIDE = "beside"  # others in the new tables would be given away
    BECAUSE_OF_OUT = "because_of_out"  # shown if nothing were out
    MOVER = "mover"  # it would tell of one person who joined, left or changed

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Why.SMALL: "small",
    Why.OUT_HIDDEN: "hidden in what is out",
    Why.BESIDE: "hidden so that others can't be worked out",
    Why.BECAUSE_OF_OUT: "hidden because of what is out",
    Why.MOVER: "hidden because last year's figure would tell of one person",
}


@dataclass(frozen=True, eq=False)
class Next:
    """The new tables can go out. Never for the public, but for `publication`.

    Arrays are one value a cell of the new tables. `hidden` are their hidden cells, `because` says why, a cell each.
    `pattern`, `joint` and `audits` are over the new tables and all that is out; `places` are the numbers there of the
    new cells. `given_away`: cells that what is out gives away by itself, which nothing can mend.
    `exposures` are people of whom last year's figures tell, `reopened` hidden cells that follow from these.
    """

    publication: Publication
    hidden: Flags
    because: dict[int, Why]
    pattern: Pattern
    joint: Publication
    places: Integers
    audits: tuple[Audited, ...]
    given_away: Integers
    news: int  # figures shown that are not out already
    exposures: tuple[Exposure, ...] = ()
    reopened: tuple[str, ...] = ()

    @property
    def shown(self) -> int:
        return int((~self.hidden & ~self.publication.shape.behind).sum())

    @property
    def words(self) -> str:
        hidden = int(self.hidden.sum())
        all_cells = hidden + self.shown
        if not hidden:
            return f"Yes, with all of its {all_cells} figures."
        counted = Counter(self.because.values())
        parts = ", ".join(f"{counted[why]} {why.words}" for why in Why if counted[why])
        return f"Yes, with {hidden} of its {all_cells} figures hidden: {parts}."


class Ground(StrEnum):
    """Why the new tables can't go out."""

    GIVES_AWAY = "gives_away"  # what must be shown of them gives away what is hidden in what is out
    NOTHING_LEFT = "nothing_left"  # they are safe only with nothing shown that is not out already
    NOT_FOUND = "not_found"  # no safe way was found; there may be one


@dataclass(frozen=True, eq=False)
class Nearest:
    """The tables most like those asked for that can go out: what was changed, and how they go out."""

    changes: tuple[str, ...]
    shape: Layout
    answer: Next


@dataclass(frozen=True, eq=False)
class Refused:
    """The new tables can't go out. Never for the public: `reason` names hidden cells, though no count.

    `given_away` and `by` are names of cells: what could be worked out, and the figures that would do it.
    """

    ground: Ground
    reason: str
    given_away: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    nearest: Nearest | None = None

    @property
    def words(self) -> str:
        if self.nearest is None:
            return f"No. {self.reason}"
        return f"No. {self.reason} What could go out instead: {'; '.join(self.nearest.changes)}."


Answer: TypeAlias = Next | Refused


def numbers(flags: Flags) -> tuple[int, ...]:
    return tuple(np.flatnonzero(flags).tolist())

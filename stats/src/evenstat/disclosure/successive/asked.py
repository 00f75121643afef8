"""What may be asked of the search for one more release."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from evenstat.disclosure.hiding import BUDGET, Weight, never
from evenstat.disclosure.policies import Attacker, Guarantee
from evenstat.disclosure.successive.movers import Knows, Moves, Years
from evenstat.disclosure.tables import Publication


@dataclass(frozen=True, kw_only=True)
class LastYear:
    """Last year's figures, who has moved since, and what is done about whom the two years tell of.

    `about` are the dimensions that nobody may learn of anybody; each of them, unless said.
    """

    publication: Publication
    moves: Moves
    years: Years = Years.WARN
    about: tuple[str, ...] = ()
    knows: Knows = Knows.WHO_MOVED


@dataclass(frozen=True, kw_only=True)
class Options:
    """How the search goes: as in `protect`. `publish` and `hide` are cells of the new tables."""

    attacker: Attacker | None = None
    guarantee: Guarantee | None = None
    weight: Weight = Weight.CELLS
    publish: Collection[int] = ()
    hide: Collection[int] = ()
    seed: int = 0
    budget: int = BUDGET
    stop: Callable[[], bool] = field(default=never)
    progress: Callable[[str, int, int], None] | None = None

"""Options of the search for a further release."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from evenstat.disclosure.policies import Attacker, Guarantee
from evenstat.disclosure.successive_releases.movers import MoverAction, MoverKnowledge, Moves
from evenstat.disclosure.suppression import BUDGET, Weight, never_stop
from evenstat.disclosure.tables import Publication


@dataclass(frozen=True, kw_only=True)
class PreviousYear:
    """The previous year's figures, who has moved since, and what to do about people whom the two years reveal.

    `about` are the dimensions that nobody may learn about anybody; by default all of them.
    """

    publication: Publication
    moves: Moves
    action: MoverAction = MoverAction.WARN
    about: tuple[str, ...] = ()
    knows: MoverKnowledge = MoverKnowledge.WHO_MOVED


@dataclass(frozen=True, kw_only=True)
class SearchOptions:
    """Options of the search, as for `protect`. `publish` and `suppress` are cells of the new tables."""

    attacker: Attacker | None = None
    guarantee: Guarantee | None = None
    weight: Weight = Weight.CELLS
    publish: Collection[int] = ()
    suppress: Collection[int] = ()
    seed: int = 0
    budget: int = BUDGET
    stop: Callable[[], bool] = field(default=never_stop)
    progress: Callable[[str, int, int], None] | None = None

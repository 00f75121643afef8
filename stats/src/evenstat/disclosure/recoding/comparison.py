"""Policies and recodings side by side, for whoever chooses between them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evenstat.disclosure.hiding import Pattern, protect
from evenstat.disclosure.policies import Policy
from evenstat.disclosure.recoding.changes import Recoding, recode
from evenstat.disclosure.recoding.information import bits
from evenstat.disclosure.recoding.proposals import BUDGET, Cost, cost
from evenstat.disclosure.tables import Layout, Truth
from evenstat.errors import CannotProtect


@dataclass(frozen=True, eq=False)
class Row:
    """One policy on one recoding. `refused` says why there is no pattern, and so no cost."""

    policy: Policy
    recoding: Recoding
    shape: Layout
    pattern: Pattern | None
    cost: Cost | None
    refused: str = ""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Never for the public. In the order of the policies, and within each of the recodings."""

    rows: tuple[Row, ...]

    @property
    def best(self) -> Row | None:
        """The row that keeps most; of rows that keep the same, the first."""
        usable = [each for each in self.rows if each.cost is not None]
        return max(usable, key=lambda each: each.cost.kept if each.cost else 0.0, default=None)


def compare(
    shape: Layout,
    truth: Truth,
    policies: Sequence[Policy],
    recodings: Sequence[Recoding] = (),
    *,
    budget: int = BUDGET,
    seed: int = 0,
) -> Comparison:
    """What each policy would hide of the tables as they are and of each recoding.

    Population: as in `protect`.

    Method: every policy on every recoding, protected with the same budget and seed; the costs are those of `proposals`.

    Args:
        shape: the tables as they were asked for.
        truth: the people, or tables that have the counts.
        policies: policies that hide.
        recodings: beside the tables as they are, which always come first.
        budget, seed: as in `protect`.

    Returns:
        Comparison, one row for each pair.

    Raises:
        UnknownPolicy: a policy rounds instead of hiding. InvalidInput: a recoding does not fit the tables.

    Limits: those of `proposals`; a policy with a lower threshold always costs less, which is no reason for it.

    Source: as for `proposals`.

    >>> from evenstat.disclosure import policy
    >>> from evenstat.disclosure.tables import Records, flat, layout
    >>> grade = flat("grade", ["G1", "G2", "G3"])
    >>> people = Records({"grade": list(grade.categories)}, [7, 30, 40])
    >>> found = compare(layout([grade], [["grade"]]), people, [policy("council_lt5"), policy("council_lt10")])
    >>> [(row.policy.id, row.cost.hidden, round(row.cost.kept, 2)) for row in found.rows]
    [('council_lt5', 0, 1.0), ('council_lt10', 2, 0.75)]
    """
    whole = bits(truth.over(shape), np.zeros(len(shape), dtype=bool))
    every = dict.fromkeys((Recoding(), *recodings))
    shapes = {each: recode(shape, each) if each.changes else shape for each in every}
    rows = []
    for policy in policies:
        for recoding, recoded in shapes.items():
            try:
                pattern = protect(truth.over(recoded), policy, budget=budget, seed=seed)
                rows.append(Row(policy, recoding, recoded, pattern, cost(shape, pattern, whole)))
            except CannotProtect as why:
                rows.append(Row(policy, recoding, recoded, None, None, str(why)))
    return Comparison(tuple(rows))

"""What other policies and coarser groupings would show and hide of the same tables. Never for the public.

Each table is taken by itself, by the engine for single tables: the other adds to it only beside what is out already.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from evenhand.evidence.queries import UnprotectedTable
from evenhand.releases.groupings import Merged, groupings_of, recoded
from evenstat.disclosure import HIDING, Policy
from evenstat.disclosure.one_way import loss, protect
from evenstat.errors import CannotProtect

AS_IT_IS = ""
FORMAT = 1
# One of those that hide the same counts is enough.
RULES = tuple({(each.hide_from, each.hide_to): each for each in reversed(HIDING)}.values())[::-1]


@dataclass(frozen=True)
class Way:
    """One characteristic under one policy, in one grouping, over all the years of a publication.

    `refused` counts the tables of which nothing safe is left.
    """

    characteristic: str
    policy: str
    grouping: str
    shown: int
    hidden: int
    people: int
    refused: int


def compared(years: Iterable[Sequence[UnprotectedTable]]) -> tuple[Way, ...]:
    """Every policy and grouping, the years added up, without what is out already."""
    found: dict[tuple[str, str, str], Way] = {}
    for tables in years:
        for table in tables:
            for way in _ways(table):
                key = (way.characteristic, way.policy, way.grouping)
                found[key] = _sum(found[key], way) if key in found else way
    return tuple(found.values())


def to_json(ways: Iterable[Way]) -> dict[str, Any]:
    return {"format": FORMAT, "ways": [asdict(each) for each in ways]}


def from_json(content: dict[str, Any]) -> tuple[Way, ...]:
    """Nothing, where it was stored by a version that kept it in another way: it is made anew by protecting again."""
    return tuple(Way(**each) for each in content["ways"]) if content["format"] == FORMAT else ()


def _ways(table: UnprotectedTable) -> Iterable[Way]:
    forms: list[tuple[str, Sequence[Merged]]] = [(AS_IT_IS, ())]
    forms += [(each.id, each.merged) for each in groupings_of(table.characteristic)]
    for grouping, merged in forms:
        coarser = replace(table, counts=recoded(table.counts, merged))
        for rules in RULES:
            yield _way(coarser, rules, grouping)


def _way(table: UnprotectedTable, rules: Policy, grouping: str) -> Way:
    start = Way(table.characteristic, rules.id, grouping, shown=0, hidden=0, people=0, refused=0)
    try:
        protected = protect(table.counts, rules)
    except CannotProtect:
        rows = len(table.counts.cells)
        return replace(start, hidden=rows, people=table.counts.total, refused=1)
    lost = loss(table.counts, protected)
    shown = len(protected.cells) - lost.cells_hidden
    return replace(start, shown=shown, hidden=lost.cells_hidden, people=lost.people_hidden)


def _sum(first: Way, second: Way) -> Way:
    return replace(
        first,
        shown=first.shown + second.shown,
        hidden=first.hidden + second.hidden,
        people=first.people + second.people,
        refused=first.refused + second.refused,
    )

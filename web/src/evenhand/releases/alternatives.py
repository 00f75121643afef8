"""How many rows of the same tables other policies and coarser groupings would show and hide. Must not be published.

Each table is protected separately by the single-table engine. The linked-table engine only adds suppressions because of
tables that are already published.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from evenhand.evidence.queries import UnprotectedTable
from evenhand.releases.groupings import MergedRow, groupings_of, recoded
from evenstat.disclosure import SUPPRESSION_POLICIES, Policy
from evenstat.disclosure.single_tables import loss, protect
from evenstat.errors import CannotProtect

NO_GROUPING = ""
FORMAT = 1
# One policy for each range of suppressed counts.
POLICIES = tuple(
    {(policy.suppress_from, policy.threshold): policy for policy in reversed(SUPPRESSION_POLICIES)}.values()
)[::-1]


@dataclass(frozen=True)
class Alternative:
    """One characteristic under one policy and in one grouping, over all the years of a publication.

    `people` counts the people in hidden rows. `refused` counts the tables of which no row could be published. The field
    names are the keys of the stored JSON.
    """

    characteristic: str
    policy: str
    grouping: str
    shown: int
    hidden: int
    people: int
    refused: int


def compare_alternatives(years: Iterable[Sequence[UnprotectedTable]]) -> tuple[Alternative, ...]:
    """Every policy and grouping, summed over the years, ignoring tables that are already published."""
    totals: dict[tuple[str, str, str], Alternative] = {}
    for tables in years:
        for table in tables:
            for alternative in _alternatives(table):
                key = (alternative.characteristic, alternative.policy, alternative.grouping)
                totals[key] = _sum(totals[key], alternative) if key in totals else alternative
    return tuple(totals.values())


def to_json(alternatives: Iterable[Alternative]) -> dict[str, Any]:
    return {"format": FORMAT, "ways": [asdict(alternative) for alternative in alternatives]}


def from_json(content: dict[str, Any]) -> tuple[Alternative, ...]:
    """Empty if another version stored it in another format. Protecting the publication again creates it anew."""
    return tuple(Alternative(**stored) for stored in content["ways"]) if content["format"] == FORMAT else ()


def _alternatives(table: UnprotectedTable) -> Iterable[Alternative]:
    groupings: list[tuple[str, Sequence[MergedRow]]] = [(NO_GROUPING, ())]
    groupings += [(grouping.id, grouping.merged) for grouping in groupings_of(table.characteristic)]
    for grouping_id, merged in groupings:
        recoded_table = replace(table, counts=recoded(table.counts, merged))
        for policy in POLICIES:
            yield _alternative(recoded_table, policy, grouping_id)


def _alternative(table: UnprotectedTable, policy: Policy, grouping: str) -> Alternative:
    empty = Alternative(table.characteristic, policy.id, grouping, shown=0, hidden=0, people=0, refused=0)
    try:
        protected = protect(table.counts, policy)
    except CannotProtect:
        rows = len(table.counts.cells)
        return replace(empty, hidden=rows, people=table.counts.total, refused=1)
    suppression = loss(table.counts, protected)
    shown = len(protected.cells) - suppression.cells_suppressed
    return replace(empty, shown=shown, hidden=suppression.cells_suppressed, people=suppression.people_suppressed)


def _sum(first: Alternative, second: Alternative) -> Alternative:
    return replace(
        first,
        shown=first.shown + second.shown,
        hidden=first.hidden + second.hidden,
        people=first.people + second.people,
        refused=first.refused + second.refused,
    )

"""The tables most like those requested that can be published."""

import heapq
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from evenstat.disclosure.policies import Policy
from evenstat.disclosure.recoding import (
    DropDimension,
    DropTable,
    MergeCodes,
    Recoding,
    changes,
    published_tables,
    recode,
)
from evenstat.disclosure.successive_releases.decisions import NearestTables, PublishableTables
from evenstat.disclosure.successive_releases.next_release import decide, protect_next
from evenstat.disclosure.successive_releases.options import PreviousYear, SearchOptions
from evenstat.disclosure.tables import Key, Layout, Publication, TrueCounts
from evenstat.errors import InvalidInput

TRIES = 20  # maximum number of changed tables protected
BUDGET = 200  # LPs solved for each
MAX_CHANGES = 3  # maximum number of successive changes


def nearest(
    requested: Layout,
    truth: TrueCounts,
    prior_releases: Sequence[Publication],
    policy: Policy,
    *,
    ordered: Collection[str] = (),
    previous_year: PreviousYear | None = None,
    options: SearchOptions = SearchOptions(),  # noqa: B008 - frozen
    tries: int = TRIES,
) -> NearestTables | None:
    """Among coarser tables, or tables with a dimension or a table less, those that show most new figures.

    None if nothing that was tried can be published and shows anything new.
    """
    quick = replace(options, publish=(), suppress=(), budget=min(options.budget, BUDGET))
    waiting = [(-_size(requested), "", Recoding())]
    find_mover_disclosures, best = {_cells(requested)}, None
    while waiting and tries:
        size, _, recoding = heapq.heappop(waiting)
        if best is not None and -size <= best.answer.new_figures:
            break  # no remaining table can show more
        if recoding.changes:
            tries -= 1
            shape = recode(requested, recoding)
            answer = decide(shape, truth, prior_releases, policy, previous_year, quick, explained=False)
            if isinstance(answer, PublishableTables):
                if answer.new_figures > (best.answer.new_figures if best else 0):
                    best = NearestTables(tuple(change.words for change in recoding.changes), shape, answer)
                continue
        for further, shape in _further(requested, truth, ordered, recoding):
            if _cells(shape) not in find_mover_disclosures:
                find_mover_disclosures.add(_cells(shape))
                heapq.heappush(waiting, (-_size(shape), further.words, further))
    if best is None:
        return None
    answer = protect_next(best.shape, truth, prior_releases, policy, previous_year=previous_year, options=quick)
    return replace(best, answer=answer) if isinstance(answer, PublishableTables) else None


def _further(
    requested: Layout, truth: TrueCounts, ordered: Collection[str], recoding: Recoding
) -> Iterator[tuple[Recoding, Layout]]:
    """One further change."""
    if len(recoding.changes) == MAX_CHANGES:
        return
    shape = recode(requested, recoding)
    tables = published_tables(shape)
    used = [
        dimension.name
        for dimension in shape.dimensions
        if any(level in dimension.levels for table in tables for level in table)
    ]
    merged = {
        change.dimension for change in recoding.changes if isinstance(change, MergeCodes)
    }  # only once; larger merges are tried as well
    for change in (*changes(shape, truth, ordered), *map(DropDimension, used), *map(DropTable, tables)):
        if isinstance(change, MergeCodes) and change.dimension in merged:
            continue
        further = Recoding((*recoding.changes, change))
        try:
            yield further, recode(requested, further)
        except InvalidInput:
            continue  # no table would be left


def _cells(shape: Layout) -> frozenset[Key]:
    return frozenset(key for key, cell in shape.number.items() if not shape.unpublished[cell])


def _size(shape: Layout) -> int:
    return int((~shape.unpublished).sum())

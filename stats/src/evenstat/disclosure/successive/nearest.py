"""The tables most like those asked for that can go out."""

import heapq
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from evenstat.disclosure.policies import Policy
from evenstat.disclosure.recoding import Drop, Merge, Recoding, Without, changes, published, recode
from evenstat.disclosure.successive.answers import Nearest, Next
from evenstat.disclosure.successive.asked import LastYear, Options
from evenstat.disclosure.successive.next import answered, protect_next
from evenstat.disclosure.tables import Key, Layout, Publication, Truth
from evenstat.errors import InvalidInput

TRIES = 20  # changed tables protected, at most
BUDGET = 200  # programmes solved for each
MOST_CHANGES = 3  # made one after another


def nearest(
    asked: Layout,
    truth: Truth,
    earlier: Sequence[Publication],
    policy: Policy,
    *,
    ordered: Collection[str] = (),
    last_year: LastYear | None = None,
    options: Options = Options(),  # noqa: B008 - frozen
    tries: int = TRIES,
) -> Nearest | None:
    """Of the tables made coarser, with a dimension less or a table less, those that show most of what is not out yet.

    None where nothing that was tried can go out and shows anything new.
    """
    quick = replace(options, publish=(), hide=(), budget=min(options.budget, BUDGET))
    waiting = [(-_size(asked), "", Recoding())]
    seen, best = {_cells(asked)}, None
    while waiting and tries:
        size, _, recoding = heapq.heappop(waiting)
        if best is not None and -size <= best.answer.news:
            break  # no more can be shown than there is
        if recoding.changes:
            tries -= 1
            shape = recode(asked, recoding)
            answer = answered(shape, truth, earlier, policy, last_year, quick, explained=False)
            if isinstance(answer, Next):
                if answer.news > (best.answer.news if best else 0):
                    best = Nearest(tuple(each.words for each in recoding.changes), shape, answer)
                continue
        for further, shape in _further(asked, truth, ordered, recoding):
            if _cells(shape) not in seen:
                seen.add(_cells(shape))
                heapq.heappush(waiting, (-_size(shape), further.words, further))
    if best is None:
        return None
    answer = protect_next(best.shape, truth, earlier, policy, last_year=last_year, options=quick)
    return replace(best, answer=answer) if isinstance(answer, Next) else None


def _further(
    asked: Layout, truth: Truth, ordered: Collection[str], recoding: Recoding
) -> Iterator[tuple[Recoding, Layout]]:
    """One change more."""
    if len(recoding.changes) == MOST_CHANGES:
        return
    shape = recode(asked, recoding)
    tables = published(shape)
    used = [each.name for each in shape.dimensions if any(level in each.levels for table in tables for level in table)]
    merged = {
        each.dimension for each in recoding.changes if isinstance(each, Merge)
    }  # once; larger merges are there too
    for change in (*changes(shape, truth, ordered), *map(Without, used), *map(Drop, tables)):
        if isinstance(change, Merge) and change.dimension in merged:
            continue
        further = Recoding((*recoding.changes, change))
        try:
            yield further, recode(asked, further)
        except InvalidInput:
            continue  # nothing would be left


def _cells(shape: Layout) -> frozenset[Key]:
    return frozenset(key for key, cell in shape.number.items() if not shape.behind[cell])


def _size(shape: Layout) -> int:
    return int((~shape.behind).sum())

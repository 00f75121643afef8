"""One more release: protected so that it and everything that is out stay safe together, or refused."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from evenstat.disclosure.hiding import Pattern, protect, unsafe_cells
from evenstat.disclosure.policies import Attacker, Policy
from evenstat.disclosure.successive.answers import Answer, Next, Refused, numbers
from evenstat.disclosure.successive.asked import LastYear, Options
from evenstat.disclosure.successive.keeping import hidden_for_last_year
from evenstat.disclosure.successive.movers import Years
from evenstat.disclosure.successive.out import Standing, standing, up_to
from evenstat.disclosure.successive.reasons import because
from evenstat.disclosure.successive.refusing import gives_away, not_found, nothing_left, stopped
from evenstat.disclosure.successive.years import seen
from evenstat.disclosure.tables import Flags, Layout, Publication, Truth
from evenstat.errors import CannotProtect, InvalidInput

ROUNDS = 6  # of hiding more because of last year


def protect_next(
    new: Layout,
    truth: Truth,
    earlier: Sequence[Publication],
    policy: Policy,
    *,
    last_year: LastYear | None = None,
    options: Options = Options(),  # noqa: B008 - frozen
) -> Answer:
    """The new tables with what must be hidden so that they and all that is out stay safe together, or why they can't.

    Population: the same people at the same time in the new tables and in all that is out; last year's may differ.

    Method: `protect` over all tables at once, in which figures that are out are fixed, and what is hidden in them stays
        hidden and safe; so do small groups that no table shows and that two of them tell apart. The whole is audited by
        each kind of reader before it is handed back. What readers of last year's figures learn is found by `exposures`;
        to keep it from them the two years are protected as one release, in which last year is fixed.

    Args:
        new: the tables that are to go out.
        truth: the people, or tables that have the true counts of everything that is out.
        earlier: what is out about the same people, by whatever route: publications, or `known` figures.
        policy: which counts are unsafe, and from whom they are kept.
        last_year: what was printed of last year, and who moved.
        options: as in `protect`.

    Returns:
        Next; or Refused, when what must be shown of the new tables (true zeros, forced figures) gives away what is
        hidden in what is out, or when they are safe only with nothing shown that is not out already.

    Raises:
        InvalidInput: what is out has other categories than the new tables.
        InvalidCount: what is out contradicts itself or the true counts. UnknownPolicy: the policy rounds.

    Limits: those of `protect`. What is out and gives a hidden figure away by itself can't be mended: it is listed as
        `given_away` and counts as known. A figure that is out as a range is not widened again; where ranges give a
        hidden figure away, the answer is Refused, although another pattern may be safe.

    Source: Fischetti and Salazar 2001, https://doi.org/10.1287/mnsc.47.7.1008.9805, for the model of the reader.

    >>> from evenstat.disclosure import policy
    >>> from evenstat.disclosure.tables import Records, flat, layout
    >>> grade, sex = flat("grade", ["G1", "G2", "G3"]), flat("sex", ["F", "M"])
    >>> rows = {"grade": ["G1", "G1", "G2", "G2", "G3", "G3"], "sex": ["F", "M"] * 3}
    >>> people = Records(rows, [3, 20, 30, 25, 4, 9])
    >>> first = protect_next(layout([grade], [["grade"]]), people, [], policy("council_lt5"))
    >>> first.words
    'Yes, with all of its 4 figures.'
    >>> both = layout([grade, sex], [["grade", "sex"]])
    >>> second = protect_next(both, people, [first.publication], policy("council_lt5"))
    >>> print(second.words)
    Yes, with 4 of its 12 figures hidden: 2 small, 2 hidden so that others can't be worked out.
    """
    return answered(new, truth, earlier, policy, last_year, options)


def answered(
    new: Layout,
    truth: Truth,
    earlier: Sequence[Publication],
    policy: Policy,
    last_year: LastYear | None,
    options: Options,
    *,
    explained: bool = True,
) -> Answer:
    """As `protect_next`; an answer that is not explained says yes or no, and not why."""
    attacker = options.attacker or policy.withstands
    readers = up_to(attacker) if explained else (min(attacker, Attacker.B),)  # the answer chosen is asked for again
    stands = standing(new, truth, earlier, policy, readers)
    _refuse_hiding_what_is_out(stands, options)
    movers: set[int] = set()
    answer = _beside_last_year(_protected(stands, policy, attacker, options, movers, explained), last_year)
    without = stands.places[answer.hidden].tolist() if isinstance(answer, Next) else []
    for turn in range(ROUNDS):
        if isinstance(answer, Refused) or last_year is None or last_year.years is Years.WARN:
            break
        more = _to_hide(stands, answer, truth, last_year, options, turn) - movers
        if not more:
            break
        movers |= more
        answer = _beside_last_year(_protected(stands, policy, attacker, options, movers, explained), last_year)
    if isinstance(answer, Refused) or not explained:
        return answer
    return replace(answer, because=because(stands, answer, truth, options, movers.difference(without)))


def _protected(
    stands: Standing, policy: Policy, attacker: Attacker, options: Options, movers: Collection[int], explained: bool
) -> Answer:
    counts, places = stands.tables.counts, stands.places
    publish, hide = np.zeros(len(counts), dtype=bool), stands.kept
    publish[places[list(options.publish)]] = True
    hide[[*places[list(options.hide)].tolist(), *movers]] = True
    try:
        pattern = protect(
            stands.tables,
            policy,
            attacker=attacker,
            guarantee=options.guarantee,
            weight=options.weight,
            publish=numbers(stands.printed | stands.given_away | publish),
            hide=numbers(hide),
            seed=options.seed,
            budget=options.budget,
            stop=options.stop,
            progress=options.progress,
        )
    except CannotProtect as why:
        if options.stop() or not explained:
            return stopped(str(why))
        return gives_away(stands, policy, attacker, publish[places], str(why))
    known = stands.given_away & ~(publish & ~stands.out.hidden)
    hidden = (pattern.hidden | known)[places] & ~stands.new.behind
    return _checked(stands, policy, attacker, pattern, hidden, explained)


def _checked(
    stands: Standing, policy: Policy, attacker: Attacker, pattern: Pattern, hidden: Flags, explained: bool
) -> Answer:
    """The pattern, if every reader finds it safe together with what is out."""
    counts, places = stands.tables.counts, stands.places
    publication = stands.publication(hidden, policy)
    fresh = ~stands.new.behind & ~(stands.printed | stands.out.hidden)[places] & (counts[places] > 0)
    if fresh.any() and not (fresh & ~hidden).any():
        return nothing_left(stands, policy, attacker, fresh) if explained else stopped("Nothing is left.")
    joint = stands.with_new(publication)
    found = stands.audits(joint, up_to(attacker) if explained else (min(attacker, Attacker.B),))
    leaks = stands.leaks(joint, found)
    low = [each.below(pattern.guarantee.not_below) for each in found if each.attacker is not Attacker.C]
    rule = unsafe_cells(stands.tables, policy) & ~stands.given_away & ~stands.printed
    leaks = np.union1d(leaks, [cell for cells in low for cell in cells.tolist() if rule[cell]]).astype(np.int64)
    if len(leaks):
        return not_found(stands, leaks)
    news = int((~stands.new.behind & ~stands.printed[places] & ~hidden).sum())
    return Next(publication, hidden, {}, pattern, joint, places, found, np.flatnonzero(stands.given_away), news)


def _beside_last_year(answer: Answer, last_year: LastYear | None) -> Answer:
    if isinstance(answer, Refused) or last_year is None:
        return answer
    found = seen(last_year.publication, answer.joint, last_year.moves, last_year.about, last_year.knows)
    reopened = tuple(answer.joint.shape.named(cell) for cell in found.reopened)
    return replace(answer, exposures=found.exposures, reopened=reopened)


def _to_hide(
    stands: Standing, answer: Next, truth: Truth, last_year: LastYear, options: Options, turn: int
) -> set[int]:
    """Cells of the new tables to hide next, so that last year's figures tell less."""
    if not answer.exposures and not answer.reopened:
        return set()
    if turn == 0:
        together = hidden_for_last_year(stands, answer, last_year, truth, options)
        if together:
            return together
    open_to = np.zeros(len(stands.tables.counts), dtype=bool)
    open_to[stands.places[~answer.hidden]] = True
    open_to &= ~stands.printed & (stands.tables.counts > 0) & ~stands.tables.shape.behind
    chosen: set[int] = set()
    for each in answer.exposures:  # what tells of them, then more and more of what tells it by what is left
        own = {cell for cell in each.cells if open_to[cell]}
        others = sorted((stands.tables.counts[cell], cell) for cell in each.beside if open_to[cell])
        chosen |= own or {cell for _, cell in others[: 1 << turn // 2]}
    return chosen


def _refuse_hiding_what_is_out(stands: Standing, options: Options) -> None:
    for cell in options.hide:
        if stands.printed[stands.places[cell]]:
            raise InvalidInput(f"{stands.new.named(cell)} is out already, so that it can't be hidden now.")

"""A further release: protected together with all prior releases, or refused."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from evenstat.disclosure.policies import Attacker, Policy
from evenstat.disclosure.successive_releases.context import ReleaseContext, attackers_up_to, release_context
from evenstat.disclosure.successive_releases.decisions import (
    PublishableTables,
    ReleaseDecision,
    UnpublishableTables,
    cell_numbers,
)
from evenstat.disclosure.successive_releases.movers import MoverAction
from evenstat.disclosure.successive_releases.options import PreviousYear, SearchOptions
from evenstat.disclosure.successive_releases.previous_year import cells_protecting_previous_year
from evenstat.disclosure.successive_releases.reasons import reasons
from evenstat.disclosure.successive_releases.refusals import (
    refuse_disclosing,
    refuse_disclosing_pattern,
    refuse_nothing_new,
    refuse_search_stopped,
)
from evenstat.disclosure.successive_releases.year_on_year import find_mover_disclosures
from evenstat.disclosure.suppression import Pattern, primary_cells, protect
from evenstat.disclosure.tables import Flags, Layout, Publication, TrueCounts
from evenstat.errors import CannotProtect, InvalidInput

ROUNDS = 6  # of further suppression because of the previous year


def protect_next(
    new: Layout,
    truth: TrueCounts,
    prior_releases: Sequence[Publication],
    policy: Policy,
    *,
    previous_year: PreviousYear | None = None,
    options: SearchOptions = SearchOptions(),  # noqa: B008 - frozen
) -> ReleaseDecision:
    """The new tables with what must be suppressed so that they are safe together with prior releases, or why they
    cannot be.

    Population: the same people at the same time in the new tables and in all prior releases; the previous year's may
    differ.

    Method: `protect` over all tables at once, in which published figures are fixed and suppressed ones stay suppressed
        and protected; so do small groups that no table shows and that can be derived by differencing. The whole is
        audited against each kind of attacker before it is returned. `mover_disclosures` finds what attackers can derive
        from the previous year's figures; to prevent it, the two years are protected as one release with the previous
        year fixed.

    Args:
        new: the tables to publish.
        truth: the people, or tables that have the true counts of all prior releases.
        prior_releases: what is already published about the same people: publications, or `known_figures`.
        policy: which counts are primary, and which attackers to protect against.
        previous_year: what was published for the previous year, and who moved.
        options: as for `protect`.

    Returns:
        PublishableTables; or UnpublishableTables, if figures that must be shown (true zeros, forced figures) disclose a
        figure suppressed in a prior release, or if the tables are safe only with nothing new shown.

    Raises:
        InvalidInput: a prior release has different categories from the new tables.
        InvalidCount: prior releases contradict each other or the true counts. UnknownPolicy: the policy rounds.

    Limits: those of `protect`. A figure that prior releases disclose by themselves cannot be protected: it is listed as
        `disclosed` and counts as known. A published range is not widened again; if ranges disclose a suppressed figure,
        the release is refused, although another pattern may be safe.

    Source: Fischetti and Salazar 2001, https://doi.org/10.1287/mnsc.47.7.1008.9805, for the model of the attacker.

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
    return decide(new, truth, prior_releases, policy, previous_year, options)


def decide(
    new: Layout,
    truth: TrueCounts,
    prior_releases: Sequence[Publication],
    policy: Policy,
    previous_year: PreviousYear | None,
    options: SearchOptions,
    *,
    explained: bool = True,
) -> ReleaseDecision:
    """As `protect_next`; without `explained` the decision has no reasons."""
    attacker = options.attacker or policy.attacker
    # The chosen tables are decided again with explanation, against all attackers.
    attackers = attackers_up_to(attacker) if explained else (min(attacker, Attacker.ZEROS_SHOWN),)
    context = release_context(new, truth, prior_releases, policy, attackers)
    _refuse_suppressing_prior(context, options)
    movers: set[int] = set()
    answer = _with_previous_year(_protect(context, policy, attacker, options, movers, explained), previous_year)
    before_movers = context.places[answer.suppressed].tolist() if isinstance(answer, PublishableTables) else []
    for turn in range(ROUNDS):
        if isinstance(answer, UnpublishableTables) or previous_year is None or previous_year.action is MoverAction.WARN:
            break
        more = _next_suppressions(context, answer, truth, previous_year, options, turn) - movers
        if not more:
            break
        movers |= more
        answer = _with_previous_year(_protect(context, policy, attacker, options, movers, explained), previous_year)
    if isinstance(answer, UnpublishableTables) or not explained:
        return answer
    return replace(answer, reasons=reasons(context, answer, truth, options, movers.difference(before_movers)))


def _protect(
    context: ReleaseContext,
    policy: Policy,
    attacker: Attacker,
    options: SearchOptions,
    movers: Collection[int],
    explained: bool,
) -> ReleaseDecision:
    counts, places = context.tables.counts, context.places
    publish, suppress = np.zeros(len(counts), dtype=bool), context.must_protect
    publish[places[list(options.publish)]] = True
    suppress[[*places[list(options.suppress)].tolist(), *movers]] = True
    try:
        pattern = protect(
            context.tables,
            policy,
            attacker=attacker,
            guarantee=options.guarantee,
            weight=options.weight,
            publish=cell_numbers(context.printed | context.disclosed | publish),
            suppress=cell_numbers(suppress),
            seed=options.seed,
            budget=options.budget,
            stop=options.stop,
            progress=options.progress,
        )
    except CannotProtect as refusal:
        if options.stop() or not explained:
            return refuse_search_stopped(str(refusal))
        return refuse_disclosing(context, policy, attacker, publish[places], str(refusal))
    already_known = context.disclosed & ~(publish & ~context.prior.suppressed)
    suppressed = (pattern.suppressed | already_known)[places] & ~context.new.unpublished
    return _audit(context, policy, attacker, pattern, suppressed, explained)


def _audit(
    context: ReleaseContext, policy: Policy, attacker: Attacker, pattern: Pattern, suppressed: Flags, explained: bool
) -> ReleaseDecision:
    """The decision on the pattern: publishable if it is safe from every attacker together with prior releases."""
    counts, places = context.tables.counts, context.places
    publication = context.publication(suppressed, policy)
    new_nonzero = (
        ~context.new.unpublished & ~(context.printed | context.prior.suppressed)[places] & (counts[places] > 0)
    )
    if new_nonzero.any() and not (new_nonzero & ~suppressed).any():
        return (
            refuse_nothing_new(context, policy, attacker, new_nonzero)
            if explained
            else refuse_search_stopped("Nothing new can be shown.")
        )
    joint = context.with_new(publication)
    audits = context.audits(joint, attackers_up_to(attacker) if explained else (min(attacker, Attacker.ZEROS_SHOWN),))
    leaks = context.leaks(joint, audits)
    provably_low = [
        audited.below(pattern.guarantee.not_below) for audited in audits if audited.attacker is not Attacker.SINGLETON
    ]
    by_policy = primary_cells(context.tables, policy) & ~context.disclosed & ~context.printed
    leaks = np.union1d(leaks, [cell for cells in provably_low for cell in cells.tolist() if by_policy[cell]]).astype(
        np.int64
    )
    if len(leaks):
        return refuse_disclosing_pattern(context, leaks)
    new_figures = int((~context.new.unpublished & ~context.printed[places] & ~suppressed).sum())
    return PublishableTables(
        publication, suppressed, {}, pattern, joint, places, audits, np.flatnonzero(context.disclosed), new_figures
    )


def _with_previous_year(answer: ReleaseDecision, previous_year: PreviousYear | None) -> ReleaseDecision:
    if isinstance(answer, UnpublishableTables) or previous_year is None:
        return answer
    findings = find_mover_disclosures(
        previous_year.publication, answer.joint, previous_year.moves, previous_year.about, previous_year.knows
    )
    reopened = tuple(answer.joint.shape.named(cell) for cell in findings.reopened)
    return replace(answer, mover_disclosures=findings.mover_disclosures, reopened=reopened)


def _next_suppressions(
    context: ReleaseContext,
    answer: PublishableTables,
    truth: TrueCounts,
    previous_year: PreviousYear,
    options: SearchOptions,
    turn: int,
) -> set[int]:
    """Cells of the new tables to suppress next, so that the previous year's figures reveal less."""
    if not answer.mover_disclosures and not answer.reopened:
        return set()
    if turn == 0:
        together = cells_protecting_previous_year(context, answer, previous_year, truth, options)
        if together:
            return together
    open_to = np.zeros(len(context.tables.counts), dtype=bool)
    open_to[context.places[~answer.suppressed]] = True
    open_to &= ~context.printed & (context.tables.counts > 0) & ~context.tables.shape.unpublished
    chosen: set[int] = set()
    # First the figures that reveal something, then more and more of those that reveal it by subtraction.
    for disclosure in answer.mover_disclosures:
        own = {cell for cell in disclosure.cells if open_to[cell]}
        others = sorted((context.tables.counts[cell], cell) for cell in disclosure.residual_cells if open_to[cell])
        chosen |= own or {cell for _, cell in others[: 1 << turn // 2]}
    return chosen


def _refuse_suppressing_prior(context: ReleaseContext, options: SearchOptions) -> None:
    for cell in options.suppress:
        if context.printed[context.places[cell]]:
            raise InvalidInput(f"{context.new.named(cell)} is already published, so it cannot be suppressed now.")

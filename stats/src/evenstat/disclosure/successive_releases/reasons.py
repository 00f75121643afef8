"""The reason for each suppression in new tables."""

from collections.abc import Collection

from evenstat.disclosure.successive_releases.context import ReleaseContext
from evenstat.disclosure.successive_releases.decisions import PublishableTables, SuppressionReason, cell_numbers
from evenstat.disclosure.successive_releases.options import SearchOptions
from evenstat.disclosure.suppression import primary_cells, protect
from evenstat.disclosure.tables import TrueCounts
from evenstat.errors import CannotProtect


def reasons(
    context: ReleaseContext,
    answer: PublishableTables,
    truth: TrueCounts,
    options: SearchOptions,
    movers: Collection[int],
) -> dict[int, SuppressionReason]:
    """The reason for each suppressed cell of the new tables. What would be shown without prior releases is found by
    trying.
    """
    small, must_protect = primary_cells(context.tables, answer.pattern.policy), context.prior.suppressed
    reason_of_cell: dict[int, SuppressionReason] = {}
    for cell in cell_numbers(answer.suppressed):
        at = int(context.places[cell])
        reason_of_cell[cell] = (
            SuppressionReason.SMALL
            if small[at]
            else SuppressionReason.SUPPRESSED_BEFORE
            if must_protect[at]
            else SuppressionReason.MOVER
            if at in movers
            else SuppressionReason.SECONDARY
        )
    if not context.prior_releases or SuppressionReason.SECONDARY not in reason_of_cell.values():
        return reason_of_cell
    try:
        by_itself = protect(
            truth.over(context.new),
            answer.pattern.policy,
            attacker=answer.pattern.attacker,
            guarantee=answer.pattern.guarantee,
            weight=options.weight,
            publish=options.publish,
            suppress=options.suppress,
            seed=options.seed,
            budget=options.budget,
            stop=options.stop,
        )
    except CannotProtect:
        return reason_of_cell
    shown = {
        cell
        for cell, reason in reason_of_cell.items()
        if reason is SuppressionReason.SECONDARY and not by_itself.suppressed[cell]
    }
    return reason_of_cell | dict.fromkeys(shown, SuppressionReason.BECAUSE_OF_PRIOR)

"""Why each figure of new tables is hidden."""

from collections.abc import Collection

from evenstat.disclosure.hiding import protect, unsafe_cells
from evenstat.disclosure.successive.answers import Next, Why, numbers
from evenstat.disclosure.successive.asked import Options
from evenstat.disclosure.successive.out import Standing
from evenstat.disclosure.tables import Truth
from evenstat.errors import CannotProtect


def because(stands: Standing, answer: Next, truth: Truth, options: Options, movers: Collection[int]) -> dict[int, Why]:
    """For each hidden cell of the new tables why it is; what would be shown if nothing were out is told by trying."""
    small, kept = unsafe_cells(stands.tables, answer.pattern.policy), stands.out.hidden
    why: dict[int, Why] = {}
    for cell in numbers(answer.hidden):
        at = int(stands.places[cell])
        why[cell] = (
            Why.SMALL if small[at] else Why.OUT_HIDDEN if kept[at] else Why.MOVER if at in movers else Why.BESIDE
        )
    if not stands.earlier or Why.BESIDE not in why.values():
        return why
    try:
        alone = protect(
            truth.over(stands.new),
            answer.pattern.policy,
            attacker=answer.pattern.attacker,
            guarantee=answer.pattern.guarantee,
            weight=options.weight,
            publish=options.publish,
            hide=options.hide,
            seed=options.seed,
            budget=options.budget,
            stop=options.stop,
        )
    except CannotProtect:
        return why
    shown = {cell for cell, each in why.items() if each is Why.BESIDE and not alone.hidden[cell]}
    return why | dict.fromkeys(shown, Why.BECAUSE_OF_OUT)

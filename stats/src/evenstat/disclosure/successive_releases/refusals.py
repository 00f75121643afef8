"""Why new tables cannot be published, in words: what would be disclosed, and by which figures."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from evenstat.disclosure.policies import Attacker, Policy
from evenstat.disclosure.successive_releases.context import ReleaseContext, attackers_up_to
from evenstat.disclosure.successive_releases.decisions import RefusalReason, UnpublishableTables, cell_numbers
from evenstat.disclosure.tables import NO_LIMIT, Flags, Integers, Publication

TRIES = 60  # maximum audits to find the fewest disclosing figures
MAX_LISTED = 4
MAX_EXPLAINED = 5  # figures tried to explain what showing one would disclose


def refuse_disclosing(
    context: ReleaseContext, policy: Policy, attacker: Attacker, forced: Flags, otherwise: str
) -> UnpublishableTables:
    """There is no safe pattern: figures that must be shown, or prior releases, disclose what would be suppressed."""
    counts = context.tables.counts[context.places]
    zeros = (counts == 0) & ~context.prior.suppressed[context.places] & policy.zeros_shown
    must = (zeros | forced | context.printed[context.places]) & ~context.new.unpublished
    forced_but_protected = np.flatnonzero(forced & context.must_protect[context.places])
    if len(forced_but_protected):
        name = context.new.named(int(forced_but_protected[0]))
        return UnpublishableTables(
            RefusalReason.DISCLOSES, f"{name} is to be shown, but a prior release suppresses it.", (name,), (name,)
        )
    disclosure = _weakest_attacker_disclosed_to(context, policy, attacker, must)
    if disclosure is None:
        return UnpublishableTables(RefusalReason.DISCLOSES, otherwise)
    weakest, leaks = disclosure
    new_cells = np.flatnonzero(must & ~context.printed[context.places])
    disclosed_cell = int(leaks[0])
    disclosing = _fewest(
        new_cells, lambda cells: disclosed_cell in _leaks(context, policy, weakest, _only(must, new_cells, cells))
    )
    names = tuple(context.new.named(int(cell)) for cell in disclosing)
    disclosed = tuple(context.tables.shape.named(int(cell)) for cell in leaks)
    reason = f"{_listed(names)} must be shown, and would disclose {_describe(context, disclosed_cell)}."
    if not names:
        name = context.tables.shape.named(disclosed_cell)
        reason = f"{name} would have to be suppressed, but can be worked out from prior releases."
    return UnpublishableTables(RefusalReason.DISCLOSES, reason, disclosed, names)


def refuse_nothing_new(
    context: ReleaseContext, policy: Policy, attacker: Attacker, new_cells: Flags
) -> UnpublishableTables:
    """Safe only with nothing new shown: says what the largest figures would disclose."""
    counts, places = context.tables.counts[context.places], context.places
    large = [cell for cell in cell_numbers(new_cells) if not policy.covers(int(counts[cell]))]
    if not large:
        return UnpublishableTables(RefusalReason.NOTHING_NEW, "All of its new figures are too small to be shown.")
    must = ((counts == 0) & ~context.prior.suppressed[places] | context.printed[places]) & ~context.new.unpublished
    for cell in sorted(large, key=lambda cell: (-counts[cell], cell))[:MAX_EXPLAINED]:
        trial = must.copy()
        trial[cell] = True
        disclosure = _weakest_attacker_disclosed_to(context, policy, attacker, trial)
        if disclosure is not None:
            name, disclosed_name = context.new.named(cell), context.tables.shape.named(int(disclosure[1][0]))
            reason = (
                f"It is safe only with none of its new figures shown: {name} alone would disclose"
                f" {_describe(context, int(disclosure[1][0]))}."
            )
            return UnpublishableTables(RefusalReason.NOTHING_NEW, reason, (disclosed_name,), (name,))
    return UnpublishableTables(RefusalReason.NOTHING_NEW, "It is safe only with none of its new figures shown.")


def refuse_search_stopped(reason: str) -> UnpublishableTables:
    """The search was stopped before a safe pattern was found."""
    return UnpublishableTables(RefusalReason.NOT_FOUND, reason)


def refuse_disclosing_pattern(context: ReleaseContext, leaks: Integers) -> UnpublishableTables:
    """The pattern is not safe together with prior releases, for example if figures were published as ranges."""
    names = tuple(context.tables.shape.named(int(cell)) for cell in leaks)
    return UnpublishableTables(
        RefusalReason.NOT_FOUND,
        f"{_listed(names)} could be worked out from figures that were published as ranges.",
        names,
    )


def _weakest_attacker_disclosed_to(
    context: ReleaseContext, policy: Policy, attacker: Attacker, shown: Flags
) -> tuple[Attacker, Integers] | None:
    """The attacker with the least knowledge to whom something is disclosed if these cells are shown, and what."""
    for candidate in attackers_up_to(attacker):
        leaks = _leaks(context, policy, candidate, shown)
        if len(leaks):
            return candidate, leaks
    return None


def _leaks(context: ReleaseContext, policy: Policy, attacker: Attacker, shown: Flags) -> Integers:
    """What can be derived if only these new cells are shown; figures suppressed in prior releases first."""
    joint = context.with_new(_showing(context, policy, shown))
    leaks = context.leaks(joint, context.audits(joint, [attacker]))
    leaks = leaks[~context.derivable[leaks]]
    order = np.argsort(~context.must_protect[leaks], kind="stable")
    first: Integers = leaks[order]
    return first


def _showing(context: ReleaseContext, policy: Policy, shown: Flags) -> Publication:
    """Cells that are not shown are suppressed, except zeros, which count as unpublished."""
    counts = context.tables.counts[context.places]
    low, high = np.where(shown, counts, 0), np.where(shown, counts, NO_LIMIT)
    suppressed = ~shown & (counts > 0) & ~context.new.unpublished
    shape = replace(context.new, unpublished=~shown & ~suppressed)
    return Publication(shape, low, high, suppressed, policy.zeros_shown)


def _only(must: Flags, new_cells: Integers, cells: Sequence[int]) -> Flags:
    shown = must.copy()
    shown[new_cells] = False
    shown[list(cells)] = True
    return shown


def _fewest(cells: Integers, enough: Callable[[Sequence[int]], bool]) -> list[int]:
    """A small sufficient subset of the cells, by leaving out smaller and smaller parts until the tries are used up."""
    left, size, tries = [int(cell) for cell in cells], max(len(cells) // 2, 1), 0
    while True:
        start = 0
        while start < len(left) and tries < TRIES:
            fewer = left[:start] + left[start + size :]
            tries += 1
            if enough(fewer):
                left = fewer
            else:
                start += size
        if size == 1 or tries >= TRIES:
            return left
        size = max(size // 2, 1)


def _describe(context: ReleaseContext, cell: int) -> str:
    name = context.tables.shape.named(cell)
    if context.prior.suppressed[cell]:
        return f"{name}, which is suppressed in a prior release"
    return (
        f"{name}, which can be derived by differencing two tables"
        if context.by_differencing[cell]
        else f"{name}, which is to be suppressed"
    )


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MAX_LISTED
    return ", ".join(names[:MAX_LISTED]) + (f" and {more} more" if more > 0 else "")

"""Why new tables can't go out, in words: what would be given away, and by which figures."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from evenstat.disclosure.policies import Attacker, Policy
from evenstat.disclosure.successive.answers import Ground, Refused, numbers
from evenstat.disclosure.successive.out import Standing, up_to
from evenstat.disclosure.tables import NO_LIMIT, Flags, Integers, Publication

TRIES = 60  # audits spent on finding the fewest figures that give something away
NAMED = 4
LARGEST = 5  # figures tried to say what showing one would give away


def gives_away(stands: Standing, policy: Policy, attacker: Attacker, forced: Flags, otherwise: str) -> Refused:
    """There is no pattern: what must be shown of the new tables, or what is out, gives away what would be hidden."""
    counts = stands.tables.counts[stands.places]
    zeros = (counts == 0) & ~stands.out.hidden[stands.places] & policy.zeros_shown
    must = (zeros | forced | stands.printed[stands.places]) & ~stands.new.behind
    asked = np.flatnonzero(forced & stands.kept[stands.places])
    if len(asked):
        name = stands.new.named(int(asked[0]))
        return Refused(Ground.GIVES_AWAY, f"{name} is to be shown, and what is out hides it.", (name,), (name,))
    found = _found(stands, policy, attacker, must)
    if found is None:
        return Refused(Ground.GIVES_AWAY, otherwise)
    reader, leaks = found
    fresh = np.flatnonzero(must & ~stands.printed[stands.places])
    given = int(leaks[0])
    by = _fewest(fresh, lambda cells: given in _leaks(stands, policy, reader, _only(must, fresh, cells)))
    names = tuple(stands.new.named(int(cell)) for cell in by)
    given_away = tuple(stands.tables.shape.named(int(cell)) for cell in leaks)
    reason = f"{_listed(names)} must be shown, and would give away {_held(stands, given)}."
    if not names:
        name = stands.tables.shape.named(given)
        reason = f"{name} would have to be hidden, and could be worked out from what is out already."
    return Refused(Ground.GIVES_AWAY, reason, given_away, names)


def nothing_left(stands: Standing, policy: Policy, attacker: Attacker, fresh: Flags) -> Refused:
    """Safe with nothing new shown: says what the largest figures would give away."""
    counts, places = stands.tables.counts[stands.places], stands.places
    large = [cell for cell in numbers(fresh) if not policy.covers(int(counts[cell]))]
    if not large:
        return Refused(Ground.NOTHING_LEFT, "All of its figures that are not out already are too small to be shown.")
    must = ((counts == 0) & ~stands.out.hidden[places] | stands.printed[places]) & ~stands.new.behind
    for cell in sorted(large, key=lambda each: (-counts[each], each))[:LARGEST]:
        trial = must.copy()
        trial[cell] = True
        found = _found(stands, policy, attacker, trial)
        if found is not None:
            name, given = stands.new.named(cell), stands.tables.shape.named(int(found[1][0]))
            reason = (
                f"It is safe only with none of its new figures shown: {name} alone would give away"
                f" {_held(stands, int(found[1][0]))}."
            )
            return Refused(Ground.NOTHING_LEFT, reason, (given,), (name,))
    return Refused(Ground.NOTHING_LEFT, "It is safe only with none of its new figures shown.")


def stopped(why: str) -> Refused:
    """The search was ended before anything safe was found."""
    return Refused(Ground.NOT_FOUND, why)


def not_found(stands: Standing, leaks: Integers) -> Refused:
    """The pattern that was found is not safe with what is out, as where figures are out as ranges."""
    names = tuple(stands.tables.shape.named(int(cell)) for cell in leaks)
    return Refused(
        Ground.NOT_FOUND, f"{_listed(names)} could be worked out with figures that are out as ranges.", names
    )


def _found(stands: Standing, policy: Policy, attacker: Attacker, shown: Flags) -> tuple[Attacker, Integers] | None:
    """The reader with the least knowledge who learns something when these cells are shown, and what."""
    for reader in up_to(attacker):
        leaks = _leaks(stands, policy, reader, shown)
        if len(leaks):
            return reader, leaks
    return None


def _leaks(stands: Standing, policy: Policy, reader: Attacker, shown: Flags) -> Integers:
    """What follows when these new cells are shown, and nothing else of the new tables; what is out hides it first."""
    joint = stands.with_new(_showing(stands, policy, shown))
    leaks = stands.leaks(joint, stands.audits(joint, [reader]))
    leaks = leaks[~stands.follows[leaks]]
    order = np.argsort(~stands.kept[leaks], kind="stable")
    first: Integers = leaks[order]
    return first


def _showing(stands: Standing, policy: Policy, shown: Flags) -> Publication:
    """Cells that are not shown are hidden, but for zeros: of these nothing is said."""
    counts = stands.tables.counts[stands.places]
    low, high = np.where(shown, counts, 0), np.where(shown, counts, NO_LIMIT)
    hidden = ~shown & (counts > 0) & ~stands.new.behind
    shape = replace(stands.new, behind=~shown & ~hidden)
    return Publication(shape, low, high, hidden, policy.zeros_shown)


def _only(must: Flags, fresh: Integers, cells: Sequence[int]) -> Flags:
    shown = must.copy()
    shown[fresh] = False
    shown[list(cells)] = True
    return shown


def _fewest(cells: Integers, enough: Callable[[Sequence[int]], bool]) -> list[int]:
    """A few of the cells that are enough, by leaving out ever smaller parts; as found when the tries are used up."""
    left, size, tries = [int(each) for each in cells], max(len(cells) // 2, 1), 0
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


def _held(stands: Standing, cell: int) -> str:
    name = stands.tables.shape.named(cell)
    if stands.out.hidden[cell]:
        return f"{name}, which is hidden in what is out"
    return f"{name}, which two tables tell apart" if stands.told_apart[cell] else f"{name}, which is to be hidden"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")

"""The counts that a rounded figure can stand for, from the policy alone and not from the program that rounded it."""

from fractions import Fraction

from evenstat.disclosure.policies import Method, Policy, Ties
from evenstat.errors import UnknownPolicy


def counts_printed_as(figure: int, rule: Policy) -> tuple[int, int] | None:
    """The smallest and largest count that a policy publishes as this figure; None if there is none.

    Args:
        figure: a published number.
        rule: a policy that rounds each count to the nearest multiple, or to an adjacent multiple so that all add up
            (then a true 0 is published as 0, and other counts may be).

    Raises:
        UnknownPolicy: the policy suppresses, or its figures depend on the records.

    >>> from evenstat.disclosure.policies import policy
    >>> [counts_printed_as(figure, policy("hesa")) for figure in (25, 0, 7)]
    [(23, 27), (0, 2), None]
    """
    if rule.method is Method.ROUND_TO_ADD_UP:
        if figure % rule.base:
            return None
        max_distance = max(rule.distance, rule.base - 1)
        return max(figure - max_distance, min(figure, 1)), figure + max_distance
    if rule.method is not Method.ROUND:
        raise UnknownPolicy(
            f"Policy {rule.id!r} does not round each count to the nearest multiple or use controlled rounding. The"
            " counts that its figures stand for cannot be derived from them."
        )
    candidates = range(max(figure - rule.base, 0), figure + rule.base + 1)
    alike = [count for count in candidates if not rule.covers(count) and _nearest(count, rule) == figure]
    return (min(alike), max(alike)) if alike else None


def counts_marked(rule: Policy) -> tuple[int, int] | None:
    """The smallest and largest count that a policy publishes as a mark instead of a number; None if it marks none."""
    return (rule.suppress_from, rule.threshold) if rule.method is Method.ROUND and rule.threshold else None


def _nearest(count: int, rule: Policy) -> int:
    quotient = Fraction(count, rule.base)
    half_up = (quotient + Fraction(1, 2)).__floor__()
    return rule.base * (half_up if rule.ties is Ties.UP else round(quotient))

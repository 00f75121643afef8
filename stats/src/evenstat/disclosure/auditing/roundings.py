"""What a rounded figure says of the count behind it, by the rule alone: nothing of the program that rounded it."""

from fractions import Fraction

from evenstat.disclosure.policies import Method, Policy, Ties
from evenstat.errors import UnknownPolicy


def counts_printed_as(figure: int, rule: Policy) -> tuple[int, int] | None:
    """The least and the most count that a rule prints as this figure; None where it prints none so.

    Args:
        figure: a printed number.
        rule: a policy that rounds each count to the nearest multiple, or to a multiple beside it so that all add up
            (then a true 0 is printed as 0, and any other count may be).

    Raises:
        UnknownPolicy: the rule hides, or its figures depend on the people behind them.

    >>> from evenstat.disclosure.policies import policy
    >>> [counts_printed_as(figure, policy("hesa")) for figure in (25, 0, 7)]
    [(23, 27), (0, 2), None]
    """
    if rule.method is Method.ROUND_TO_ADD_UP:
        if figure % rule.base:
            return None
        away = max(rule.distance, rule.base - 1)
        return max(figure - away, min(figure, 1)), figure + away
    if rule.method is not Method.ROUND:
        raise UnknownPolicy(
            f"Policy {rule.id!r} does not round each count to the nearest multiple, nor so that all add up: what its"
            " figures stand for can't be read off them."
        )
    near = range(max(figure - rule.base, 0), figure + rule.base + 1)
    alike = [count for count in near if not rule.covers(count) and _nearest(count, rule) == figure]
    return (min(alike), max(alike)) if alike else None


def counts_marked(rule: Policy) -> tuple[int, int] | None:
    """The least and the most count that a rule prints as a mark in place of a number; None where it marks none."""
    return (rule.hide_from, rule.hide_to) if rule.method is Method.ROUND and rule.hide_to else None


def _nearest(count: int, rule: Policy) -> int:
    times = Fraction(count, rule.base)
    half_up = (times + Fraction(1, 2)).__floor__()
    return rule.base * (half_up if rule.ties is Ties.UP else round(times))

"""Argument checks shared by several packages, so that each error message is written once."""

from evenstat.errors import InvalidCount, InvalidLevel


def whole_number(value: object, name: str, *, minimum: int = 0) -> int:
    """Return `value` if it is a whole number of people. True and 3.0 are refused: they usually mean a mistake."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidCount(f"{name} is {value!r}: give a whole number of people.")
    if value < minimum:
        raise InvalidCount(f"{name} is {value}: give a whole number of at least {minimum}.")
    return value


def count_and_base(count: object, n: object) -> tuple[int, int]:
    """Return `count` and `n` if they are a count of people and its base, with n at least 1."""
    base = whole_number(n, "The base (n)", minimum=1)
    numerator = whole_number(count, "The count")
    if numerator > base:
        raise InvalidCount(f"The count is {numerator}, which is larger than its base of {base}. Check both.")
    return numerator, base


def confidence_level(level: float) -> float:
    """Return `level` if it is strictly between 0 and 1."""
    if not 0 < level < 1:
        raise InvalidLevel(f"The level is {level!r}: give a number between 0 and 1, such as 0.95.")
    return level

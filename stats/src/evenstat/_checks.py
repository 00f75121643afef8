"""Checks of arguments that several packages share, so that each error is worded once."""

from evenstat.errors import InvalidCount, InvalidLevel


def whole_number(value: object, name: str, *, least: int = 0) -> int:
    """`value` as a whole number of people; True and 3.0 are refused, because they hide mistakes."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidCount(f"{name} is {value!r}: give a whole number of people.")
    if value < least:
        raise InvalidCount(f"{name} is {value}: give a whole number of at least {least}.")
    return value


def part_of(count: object, n: object) -> tuple[int, int]:
    """`count` people out of `n`, with n at least 1."""
    base = whole_number(n, "The base (n)", least=1)
    part = whole_number(count, "The count")
    if part > base:
        raise InvalidCount(f"The count is {part} of a base of {base}: a part cannot be above its whole.")
    return part, base


def confidence_level(level: float) -> float:
    """A level strictly between 0 and 1."""
    if not 0 < level < 1:
        raise InvalidLevel(f"The level is {level!r}: give a number between 0 and 1, such as 0.95.")
    return level

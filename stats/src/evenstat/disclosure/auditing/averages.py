"""Published averages and gaps as statements about the underlying counts and sums."""

from collections.abc import Sequence
from fractions import Fraction

from evenstat.disclosure.auditing.constraint_system import Statement
from evenstat.disclosure.tables import Layout
from evenstat.errors import InvalidInput

MAX_DECIMALS = 9
UNBOUNDED = float("inf")


def average(shape: Layout, cell: Sequence[str], total: int, printed: str | float, decimals: int) -> Statement:
    """What a published average says about the count, for an attacker who knows the total amount.

    Args:
        shape: the tables that contain the cell.
        cell: its codes.
        total: the total amount, in the unit of the average: a published sum.
        printed, decimals: the average as published.

    Raises:
        InvalidInput: no such cell, or an average that is not above 0.

    >>> from evenstat.disclosure.tables import flat, layout
    >>> shape = layout([flat("sex", ["F", "M"])], [["sex"]])
    >>> stated = average(shape, ["F"], 90_000, "30000", 0)
    >>> round(stated.low, 4), round(stated.high, 4)
    (3.0, 3.0001)
    """
    low, high = rounding_interval(printed, decimals)
    if low <= 0 or total < 0:
        raise InvalidInput(
            f"The average is {printed} and the total {total}. Give an average above 0 and a total of 0 or more."
        )
    return Statement((shape.cell(cell),), (1.0,), total / high, total / low)


def averages_of_parts(
    shape: Layout,
    parts: Sequence[Sequence[str]],
    whole: Sequence[str],
    averages: Sequence[str | float],
    decimals: int,
) -> tuple[Statement, Statement]:
    """What averages published for every part of a group and for the whole say about the counts, which are their
    weights.

    Args:
        parts, whole: codes of the cells; the parts make up the whole.
        averages: of each part in turn, then of the whole, as published.

    Raises:
        InvalidInput: no such cell, or the number of averages does not match.
    """
    if len(averages) != len(parts) + 1:
        raise InvalidInput(f"{len(averages)} averages for {len(parts)} parts and their total. Give one for each.")
    cells = (*(shape.cell(part) for part in parts), shape.cell(whole))
    ranges = [rounding_interval(printed, decimals) for printed in averages]
    lows, highs = [low for low, _ in ranges], [high for _, high in ranges]
    return (
        Statement(cells, (*highs[:-1], -lows[-1]), 0.0, UNBOUNDED),
        Statement(cells, (*lows[:-1], -highs[-1]), -UNBOUNDED, 0.0),
    )


def average_as_sum(
    shape: Layout, cell: Sequence[str], people: int, printed: str | float, decimals: int, *, unit: int = 100
) -> Statement:
    """What an average published with a shown count says about the sum, in a publication of sums.

    Args:
        shape: the tables of sums that contain the cell.
        cell: its codes.
        people: the shown count of the cell.
        printed, decimals: the average as published.
        unit: units of the sum in one unit of the average: 100 for sums in pence and averages in pounds.

    Raises:
        InvalidInput: no such cell, or nobody in it.

    >>> from evenstat.disclosure.tables import flat, layout
    >>> shape = layout([flat("sex", ["F", "M"])], [["sex"]])
    >>> average_as_sum(shape, ["F"], 3, "30000", 0).low
    8999850.0
    """
    if people < 1:
        raise InvalidInput(f"{shape.named(shape.cell(cell))} has {people} people. An average needs at least 1 person.")
    low, high = rounding_interval(printed, decimals)
    return Statement((shape.cell(cell),), (1.0,), low * people * unit, high * people * unit)


def gap(
    shape: Layout,
    ours: tuple[Sequence[str], int],
    theirs: tuple[Sequence[str], int],
    percent: str | float,
    decimals: int,
) -> tuple[Statement, Statement]:
    """What a published gap between two averages says about the two sums, in a publication of sums.

    Args:
        shape: the tables of sums.
        ours, theirs: codes of the two cells, and their shown counts.
        percent, decimals: the gap as published: 100 times (theirs - ours) / theirs.

    Raises:
        InvalidInput: no such cell, or nobody in one of them.
    """
    (our_cell, our_people), (their_cell, their_people) = ours, theirs
    if min(our_people, their_people) < 1:
        raise InvalidInput("A gap needs two averages of at least 1 person each. Give counts of 1 or more.")
    low, high = rounding_interval(percent, decimals)
    cells = (shape.cell(our_cell), shape.cell(their_cell))
    return (  # our average is from (100 - high)% to (100 - low)% of theirs
        Statement(cells, (100.0 / our_people, -(100.0 - high) / their_people), 0.0, UNBOUNDED),
        Statement(cells, (100.0 / our_people, -(100.0 - low) / their_people), -UNBOUNDED, 0.0),
    )


def rounding_interval(printed: str | float, decimals: int) -> tuple[float, float]:
    """The values that round to the published figure, both ends included."""
    if not 0 <= decimals <= MAX_DECIMALS:
        raise InvalidInput(f"{decimals} decimals: give 0 to {MAX_DECIMALS}, as many as are published.")
    try:
        value = Fraction(str(printed))
    except ValueError as error:
        raise InvalidInput(f"{printed!r} is not a published figure. Give a number such as 33.3.") from error
    if value * 10**decimals % 1:
        raise InvalidInput(f"{printed} has more than {decimals} decimals. Give the figure as published.")
    half = Fraction(1, 2 * 10**decimals)
    return float(value - half), float(value + half)

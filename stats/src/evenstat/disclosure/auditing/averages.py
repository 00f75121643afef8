"""Printed averages and gaps as statements about the counts and sums behind them."""

from collections.abc import Sequence
from fractions import Fraction

from evenstat.disclosure.auditing.facts import Statement
from evenstat.disclosure.tables import Layout
from evenstat.errors import InvalidInput

MOST_DECIMALS = 9
ENDLESS = float("inf")


def average(shape: Layout, cell: Sequence[str], total: int, printed: str | float, decimals: int) -> Statement:
    """What a printed average says of the count behind it, for a reader who knows the total amount.

    Args:
        shape: the tables that the cell is in.
        cell: its codes.
        total: the amount in all, in the unit of the average: a published sum.
        printed, decimals: the average as it stands.

    Raises:
        InvalidInput: no such cell, or an average that is not above 0.

    >>> from evenstat.disclosure.tables import flat, layout
    >>> shape = layout([flat("sex", ["F", "M"])], [["sex"]])
    >>> stated = average(shape, ["F"], 90_000, "30000", 0)
    >>> round(stated.low, 4), round(stated.high, 4)
    (3.0, 3.0001)
    """
    low, high = stands_for(printed, decimals)
    if low <= 0 or total < 0:
        raise InvalidInput(f"An average of {printed} of {total}: give an average above 0 and a total of 0 or more.")
    return Statement((shape.cell(cell),), (1.0,), total / high, total / low)


def averages_of_parts(
    shape: Layout,
    parts: Sequence[Sequence[str]],
    whole: Sequence[str],
    averages: Sequence[str | float],
    decimals: int,
) -> tuple[Statement, Statement]:
    """What averages printed for every part of a group and for the whole say of the counts: these are their weights.

    Args:
        parts, whole: codes of the cells; the parts are all of the whole.
        averages: of each part in turn, then of the whole, as printed.

    Raises:
        InvalidInput: no such cell, or not one average for each part and the whole.
    """
    if len(averages) != len(parts) + 1:
        raise InvalidInput(f"{len(averages)} averages for {len(parts)} parts and their whole: give one for each.")
    cells = (*(shape.cell(each) for each in parts), shape.cell(whole))
    ranges = [stands_for(each, decimals) for each in averages]
    lows, highs = [low for low, _ in ranges], [high for _, high in ranges]
    return (
        Statement(cells, (*highs[:-1], -lows[-1]), 0.0, ENDLESS),
        Statement(cells, (*lows[:-1], -highs[-1]), -ENDLESS, 0.0),
    )


def average_as_sum(
    shape: Layout, cell: Sequence[str], people: int, printed: str | float, decimals: int, *, unit: int = 100
) -> Statement:
    """What an average printed beside a shown count says of the sum, in a publication of sums.

    Args:
        shape: the tables of sums that the cell is in.
        cell: its codes.
        people: the count that is shown beside it.
        printed, decimals: the average as it stands.
        unit: units of the sum to one of the average: 100 for sums in pence and averages in pounds.

    Raises:
        InvalidInput: no such cell, or nobody in it.

    >>> from evenstat.disclosure.tables import flat, layout
    >>> shape = layout([flat("sex", ["F", "M"])], [["sex"]])
    >>> average_as_sum(shape, ["F"], 3, "30000", 0).low
    8999850.0
    """
    if people < 1:
        raise InvalidInput(f"{shape.named(shape.cell(cell))} has {people} people: there is no average of nobody.")
    low, high = stands_for(printed, decimals)
    return Statement((shape.cell(cell),), (1.0,), low * people * unit, high * people * unit)


def gap(
    shape: Layout,
    ours: tuple[Sequence[str], int],
    theirs: tuple[Sequence[str], int],
    percent: str | float,
    decimals: int,
) -> tuple[Statement, Statement]:
    """What a printed gap of two averages says of the two sums, in a publication of sums.

    Args:
        shape: the tables of sums.
        ours, theirs: codes of the two cells, and the counts that are shown beside them.
        percent, decimals: the gap as it stands: 100 times (theirs - ours) / theirs.

    Raises:
        InvalidInput: no such cell, or nobody in one of them.
    """
    (here, us), (there, them) = ours, theirs
    if min(us, them) < 1:
        raise InvalidInput("A gap is of two averages, and there is none of nobody: give counts of 1 or more.")
    low, high = stands_for(percent, decimals)
    cells = (shape.cell(here), shape.cell(there))
    return (  # our average is from (100 - high)% to (100 - low)% of theirs
        Statement(cells, (100.0 / us, -(100.0 - high) / them), 0.0, ENDLESS),
        Statement(cells, (100.0 / us, -(100.0 - low) / them), -ENDLESS, 0.0),
    )


def stands_for(printed: str | float, decimals: int) -> tuple[float, float]:
    """What rounds to the printed figure, both ends included."""
    if not 0 <= decimals <= MOST_DECIMALS:
        raise InvalidInput(f"{decimals} decimals: give 0 to {MOST_DECIMALS}, as many as are printed.")
    try:
        value = Fraction(str(printed))
    except ValueError as odd:
        raise InvalidInput(f"{printed!r} is no printed figure: give a number such as 33.3.") from odd
    if value * 10**decimals % 1:
        raise InvalidInput(f"{printed} has more than {decimals} decimals: give the figure as it is printed.")
    half = Fraction(1, 2 * 10**decimals)
    return float(value - half), float(value + half)

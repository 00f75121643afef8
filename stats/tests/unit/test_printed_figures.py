"""What percentages, averages and gaps say of the cells behind them, and which of them give a count away."""

import pytest

from evenstat.disclosure import Attacker, audit, flat, from_records, layout, suppressed
from evenstat.disclosure.auditing import (
    average,
    average_as_sum,
    averages_of_parts,
    gap,
    giveaways,
    percentage,
)
from evenstat.errors import InvalidCount, InvalidInput

SHAPE = layout([flat("grade", ["G1", "G2", "G3"])], [["grade"]])
HIDDEN_PAIR = from_records(SHAPE, {"grade": ["G1", "G2", "G3"]}, [3, 4, 40])  # 47
PUBLISHED = suppressed(SHAPE, HIDDEN_PAIR.counts, (HIDDEN_PAIR.counts < 5))


def ranges(published, statements):
    found = audit(published, Attacker.B, statements=statements)
    rows = zip(found.cells.tolist(), found.low.tolist(), found.high.tolist(), strict=True)
    return {published.shape.named(cell): (low, high) for cell, low, high in rows}


def test_a_percentage_of_a_shown_base_gives_its_part_away():
    assert ranges(PUBLISHED, []) == {"G1": (1, 6), "G2": (1, 6)}
    told = percentage(SHAPE, ["G1"], ["Total"], "6.4", 1)  # 3 of 47 is 6.38
    assert ranges(PUBLISHED, told.statements) == {"G1": (3, 3), "G2": (4, 4)}


@pytest.mark.parametrize(("decimals", "printed", "left"), [(0, "6", (259, 305)), (1, "6.4", (299, 303))])
def test_coarser_percentages_leave_more(decimals, printed, left):
    counts = HIDDEN_PAIR.counts * 100
    told = percentage(SHAPE, ["G1"], ["Total"], printed, decimals).statements  # of 4,700
    assert ranges(suppressed(SHAPE, counts, counts < 500), told)["G1"] == left


def test_a_percentage_reveals_its_hidden_base():
    """A third of a hidden base, of which 1 is shown as a count beside."""
    both = [flat("sex", ["F", "M"]), flat("grade", ["G1", "G2"])]
    shape = layout(both, [["sex", "grade"]])
    records = {"sex": ["F", "M", "F", "M"], "grade": ["G1", "G1", "G2", "G2"]}
    tables = from_records(shape, records, [10, 20, 30, 40])
    hidden = tables.counts < 0
    for key in (["Total", "G1"], ["Total", "G2"], ["M", "G1"], ["M", "G2"]):
        hidden[shape.cell(key)] = True
    published = suppressed(shape, tables.counts, hidden)
    told = percentage(shape, ["F", "G1"], ["Total", "G1"], "33.3", 1)
    assert ranges(published, told.statements)["G1"] == (30, 30)


def test_which_figures_give_what_away():
    figures = [
        percentage(SHAPE, ["G3"], ["Total"], "85.1", 1),  # both are shown: nothing new
        percentage(SHAPE, ["G1"], ["Total"], "6.4", 1),
    ]
    found = giveaways(PUBLISHED, figures, Attacker.B)
    assert [(each.figure, SHAPE.named(each.cell), each.low, each.high, each.before) for each in found] == [
        (1, "G1", 3, 3, (1, 6)),
        (1, "G2", 4, 4, (1, 6)),
    ]
    assert all(each.exact for each in found)


def test_figures_that_tell_the_same_are_both_named():
    figures = [
        percentage(SHAPE, ["G1"], ["Total"], "6.4", 1),
        percentage(SHAPE, ["G2"], ["Total"], "8.5", 1),
    ]
    assert {each.figure for each in giveaways(PUBLISHED, figures, Attacker.B)} == {0, 1}


def test_one_that_proves_a_count_to_be_small():
    coarse = percentage(SHAPE, ["G1"], ["G3"], 8, 0)  # 7.5% to 8.5% of 40 is 3 to 3.4
    found = giveaways(PUBLISHED, [coarse], Attacker.B, below=5)
    assert {SHAPE.named(each.cell) for each in found} == {"G1", "G2"}


def test_an_average_beside_a_sum_is_a_count():
    assert ranges(PUBLISHED, [average(SHAPE, ["G1"], 90_000, "30000", 0)]) == {"G1": (3, 3), "G2": (4, 4)}


def test_averages_of_the_parts_and_the_whole_are_weights():
    """30 on average in G1, 20 in G2, 10 in G3 and 12.77 in all: 3 x 30 + 4 x 20 + 40 x 10 = 570 for 47."""
    shape = layout([flat("grade", ["G1", "G2", "G3"])], [["grade"]])
    told = averages_of_parts(shape, [["G1"], ["G2"], ["G3"]], ["Total"], ["30.00", "20.00", "10.00", "12.13"], 2)
    assert ranges(PUBLISHED, told) == {"G1": (3, 3), "G2": (4, 4)}


def test_an_average_beside_a_shown_count_is_the_sum():
    sums = suppressed(SHAPE, HIDDEN_PAIR.counts * 1000, HIDDEN_PAIR.counts < 5, zeros_shown=False)
    assert ranges(sums, []) == {"G1": (0, 7000), "G2": (0, 7000)}
    told = average_as_sum(SHAPE, ["G1"], 3, "1000", 0, unit=1)
    assert ranges(sums, [told])["G1"] == (2999, 3001)


def test_a_gap_ties_two_sums():
    sums = suppressed(SHAPE, HIDDEN_PAIR.counts * 1000, HIDDEN_PAIR.counts < 5, zeros_shown=False)
    told = gap(SHAPE, (["G1"], 3), (["G2"], 4), "0", 0)  # averages within 0.5% of each other
    assert ranges(sums, told)["G1"] == (2992, 3008)
    told = gap(SHAPE, (["G1"], 3), (["G2"], 4), "0.0", 1)
    assert ranges(sums, told)["G1"] == (3000, 3000)


def test_refusals():
    with pytest.raises(InvalidInput, match="from 0 to 100"):
        percentage(SHAPE, ["G1"], ["Total"], 130, 0)
    with pytest.raises(InvalidInput, match="more than 0 decimals"):
        percentage(SHAPE, ["G1"], ["Total"], 33.3, 0)
    with pytest.raises(InvalidInput, match="no printed figure"):
        percentage(SHAPE, ["G1"], ["Total"], "a third", 0)
    with pytest.raises(InvalidInput, match="give 0 to 9"):
        percentage(SHAPE, ["G1"], ["Total"], 33, 10)
    with pytest.raises(InvalidInput, match="No table of these"):
        percentage(SHAPE, ["G9"], ["Total"], 33, 0)
    with pytest.raises(InvalidInput, match="above 0"):
        average(SHAPE, ["G1"], 5, 0, 0)
    with pytest.raises(InvalidInput, match="one for each"):
        averages_of_parts(SHAPE, [["G1"]], ["Total"], [1], 0)
    with pytest.raises(InvalidInput, match="no average of nobody"):
        average_as_sum(SHAPE, ["G1"], 0, 5, 0)
    with pytest.raises(InvalidInput, match="counts of 1 or more"):
        gap(SHAPE, (["G1"], 0), (["G2"], 4), 1, 0)
    with pytest.raises(InvalidCount, match="No counts fit"):
        giveaways(PUBLISHED, [percentage(SHAPE, ["G1"], ["Total"], 90, 0)], Attacker.A)

"""What percentages, averages and gaps reveal about their counts, and which of them disclose a suppressed count."""

import pytest

from evenstat.disclosure import Attacker, audit, flat, from_records, layout, suppress_cells
from evenstat.disclosure.auditing import (
    average,
    average_as_sum,
    averages_of_parts,
    disclosing_figures,
    gap,
    percentage,
)
from evenstat.errors import InvalidCount, InvalidInput

SHAPE = layout([flat("grade", ["G1", "G2", "G3"])], [["grade"]])
HIDDEN_PAIR = from_records(SHAPE, {"grade": ["G1", "G2", "G3"]}, [3, 4, 40])  # 47
PUBLISHED = suppress_cells(SHAPE, HIDDEN_PAIR.counts, (HIDDEN_PAIR.counts < 5))


def intervals(published, statements):
    audited = audit(published, Attacker.ZEROS_SHOWN, statements=statements)
    rows = zip(audited.cells.tolist(), audited.low.tolist(), audited.high.tolist(), strict=True)
    return {published.shape.named(cell): (low, high) for cell, low, high in rows}


def test_a_percentage_of_a_published_base_discloses_its_numerator():
    assert intervals(PUBLISHED, []) == {"G1": (1, 6), "G2": (1, 6)}
    figure = percentage(SHAPE, ["G1"], ["Total"], "6.4", 1)  # 3 of 47 is 6.38
    assert intervals(PUBLISHED, figure.statements) == {"G1": (3, 3), "G2": (4, 4)}


@pytest.mark.parametrize(("decimals", "printed", "interval"), [(0, "6", (259, 305)), (1, "6.4", (299, 303))])
def test_coarser_percentages_leave_wider_intervals(decimals, printed, interval):
    counts = HIDDEN_PAIR.counts * 100
    statements = percentage(SHAPE, ["G1"], ["Total"], printed, decimals).statements  # of 4,700
    assert intervals(suppress_cells(SHAPE, counts, counts < 500), statements)["G1"] == interval


def test_a_percentage_discloses_its_suppressed_base():
    """33.3% of a suppressed base, where the numerator is published."""
    dimensions = [flat("sex", ["F", "M"]), flat("grade", ["G1", "G2"])]
    shape = layout(dimensions, [["sex", "grade"]])
    records = {"sex": ["F", "M", "F", "M"], "grade": ["G1", "G1", "G2", "G2"]}
    tables = from_records(shape, records, [10, 20, 30, 40])
    hidden = tables.counts < 0
    for key in (["Total", "G1"], ["Total", "G2"], ["M", "G1"], ["M", "G2"]):
        hidden[shape.cell(key)] = True
    published = suppress_cells(shape, tables.counts, hidden)
    figure = percentage(shape, ["F", "G1"], ["Total", "G1"], "33.3", 1)
    assert intervals(published, figure.statements)["G1"] == (30, 30)


def test_disclosures_name_the_figure_and_the_cell():
    figures = [
        percentage(SHAPE, ["G3"], ["Total"], "85.1", 1),  # both counts are published: no disclosure
        percentage(SHAPE, ["G1"], ["Total"], "6.4", 1),
    ]
    disclosures = disclosing_figures(PUBLISHED, figures, Attacker.ZEROS_SHOWN)
    assert [(d.figure, SHAPE.named(d.cell), d.low, d.high, d.before) for d in disclosures] == [
        (1, "G1", 3, 3, (1, 6)),
        (1, "G2", 4, 4, (1, 6)),
    ]
    assert all(disclosure.exactly_disclosed for disclosure in disclosures)


def test_figures_that_disclose_the_same_count_are_both_named():
    figures = [
        percentage(SHAPE, ["G1"], ["Total"], "6.4", 1),
        percentage(SHAPE, ["G2"], ["Total"], "8.5", 1),
    ]
    assert {disclosure.figure for disclosure in disclosing_figures(PUBLISHED, figures, Attacker.ZEROS_SHOWN)} == {0, 1}


def test_a_figure_that_proves_a_count_to_be_small():
    coarse = percentage(SHAPE, ["G1"], ["G3"], 8, 0)  # 7.5% to 8.5% of 40 is 3 to 3.4
    disclosures = disclosing_figures(PUBLISHED, [coarse], Attacker.ZEROS_SHOWN, below=5)
    assert {SHAPE.named(disclosure.cell) for disclosure in disclosures} == {"G1", "G2"}


def test_an_average_and_its_sum_disclose_the_count():
    assert intervals(PUBLISHED, [average(SHAPE, ["G1"], 90_000, "30000", 0)]) == {"G1": (3, 3), "G2": (4, 4)}


def test_averages_of_the_parts_and_the_total_disclose_the_counts():
    """30 on average in G1, 20 in G2, 10 in G3 and 12.77 in all: 3 x 30 + 4 x 20 + 40 x 10 = 570 for 47."""
    shape = layout([flat("grade", ["G1", "G2", "G3"])], [["grade"]])
    statements = averages_of_parts(shape, [["G1"], ["G2"], ["G3"]], ["Total"], ["30.00", "20.00", "10.00", "12.13"], 2)
    assert intervals(PUBLISHED, statements) == {"G1": (3, 3), "G2": (4, 4)}


def test_an_average_and_its_count_bound_the_sum():
    sums = suppress_cells(SHAPE, HIDDEN_PAIR.counts * 1000, HIDDEN_PAIR.counts < 5, zeros_shown=False)
    assert intervals(sums, []) == {"G1": (0, 7000), "G2": (0, 7000)}
    statement = average_as_sum(SHAPE, ["G1"], 3, "1000", 0, unit=1)
    assert intervals(sums, [statement])["G1"] == (2999, 3001)


def test_a_gap_links_two_sums():
    sums = suppress_cells(SHAPE, HIDDEN_PAIR.counts * 1000, HIDDEN_PAIR.counts < 5, zeros_shown=False)
    statements = gap(SHAPE, (["G1"], 3), (["G2"], 4), "0", 0)  # averages within 0.5% of each other
    assert intervals(sums, statements)["G1"] == (2992, 3008)
    statements = gap(SHAPE, (["G1"], 3), (["G2"], 4), "0.0", 1)
    assert intervals(sums, statements)["G1"] == (3000, 3000)


def test_invalid_figures_are_refused():
    with pytest.raises(InvalidInput, match="from 0 to 100"):
        percentage(SHAPE, ["G1"], ["Total"], 130, 0)
    with pytest.raises(InvalidInput, match="more than 0 decimals"):
        percentage(SHAPE, ["G1"], ["Total"], 33.3, 0)
    with pytest.raises(InvalidInput, match="not a published figure"):
        percentage(SHAPE, ["G1"], ["Total"], "a third", 0)
    with pytest.raises(InvalidInput, match="give 0 to 9"):
        percentage(SHAPE, ["G1"], ["Total"], 33, 10)
    with pytest.raises(InvalidInput, match="None of these tables"):
        percentage(SHAPE, ["G9"], ["Total"], 33, 0)
    with pytest.raises(InvalidInput, match="above 0"):
        average(SHAPE, ["G1"], 5, 0, 0)
    with pytest.raises(InvalidInput, match="one for each"):
        averages_of_parts(SHAPE, [["G1"]], ["Total"], [1], 0)
    with pytest.raises(InvalidInput, match="at least 1 person"):
        average_as_sum(SHAPE, ["G1"], 0, 5, 0)
    with pytest.raises(InvalidInput, match="counts of 1 or more"):
        gap(SHAPE, (["G1"], 0), (["G2"], 4), 1, 0)
    with pytest.raises(InvalidCount, match="No counts fit"):
        disclosing_figures(PUBLISHED, [percentage(SHAPE, ["G1"], ["Total"], 90, 0)], Attacker.NON_NEGATIVE)

"""A synthetic workforce of 2,000 in six linked tables, rounded by every method and audited."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from evenstat.disclosure import (
    Attacker,
    Method,
    Policy,
    Records,
    Remedy,
    audit,
    flat,
    layout,
    nested,
    policy,
    record_keys,
    round_tables,
)

TABLES = [
    ["grade", "ethnicity"],
    ["grade", "sex"],
    ["grade", "disability"],
    ["directorate", "ethnicity"],
    ["directorate", "grade"],
    ["sex", "ethnicity"],
]
POLICIES = {
    chosen.id: chosen
    for chosen in (
        *(replace(policy(name), if_exact=Remedy.WITHHOLD) for name in ("hesa", "nhs_hes", "ofqual", "mod")),
        Policy(id="adds_3", name="", description="", method=Method.ROUND_TO_ADD_UP, base=3),
        Policy(id="adds_5", name="", description="", method=Method.ROUND_TO_ADD_UP, base=5),
        Policy(id="small_3", name="", description="", method=Method.ROUND_SMALL, base=3),
        Policy(id="small_5", name="", description="", method=Method.ROUND_SMALL, base=5),
        Policy(id="keys", name="", description="", method=Method.CELL_KEY, distance=5, variance=2.0),
    )
}
ADDITIVE = ("adds_3", "adds_5", "small_3", "small_5")
MAX_DISTANCE = {
    "hesa": 2,
    "nhs_hes": 2,
    "ofqual": 2,
    "mod": 5,
    "adds_3": 2,
    "adds_5": 4,
    "small_3": 6,
    "small_5": 9,
    "keys": 5,
}
# the smallest number of possible counts for attacker B, over all counts that are not printed unchanged
NARROWEST = {
    "hesa": 2,
    "nhs_hes": 2,
    "ofqual": 2,
    "mod": 5,
    "adds_3": 3,
    "adds_5": 5,
    "small_3": 6,
    "small_5": 8,
    "keys": 6,
}

NEAREST = {"hesa": (8, 1), "nhs_hes": (15, 2), "ofqual": (37, 4), "mod": (0, 0)}  # exactly disclosed, withheld


@cache
def workforce():
    random = np.random.default_rng(20261125)

    def draw(prefix, number, ratio):
        shares = ratio ** np.arange(number)
        return [f"{prefix}{category:02}" for category in random.choice(number, 2_000, p=shares / shares.sum())]

    ethnicity = draw("E", 18, 0.62)
    return {
        "grade": draw("G", 12, 0.8),
        "directorate": draw("D", 8, 0.9),
        "sex": draw("S", 2, 0.6),
        "disability": draw("Y", 2, 0.08),
        "ethnicity": ethnicity,
        "ethgroup": [f"group {int(code[1:]) // 4}" for code in ethnicity],
    }


@cache
def published(policy_id):
    people = workforce()
    levels = {level: people[level] for level in ("ethgroup", "ethnicity")}
    dimensions = [flat(name, sorted(set(people[name]))) for name in ("grade", "directorate", "sex", "disability")]
    shape = layout([*dimensions, nested("ethnicity", [["ethgroup", "ethnicity"]], levels)], TABLES)
    records = Records(people, [1] * 2_000)
    keys = record_keys([f"{number:06}" for number in range(2_000)], b"kept by the authority alone")
    return round_tables(records.over(shape), POLICIES[policy_id], records=records, keys=keys)


@pytest.mark.parametrize("policy_id", POLICIES)
def test_totals_add_up_where_the_method_promises_it(policy_id):
    assert published(policy_id).adds_up == (policy_id in ADDITIVE)
    if policy_id in ADDITIVE:
        result = published(policy_id)
        for total, parts in result.tables.shape.sums():  # no figure is withheld or marked
            assert result.figures[total] == result.figures[parts].sum()


@pytest.mark.parametrize("policy_id", POLICIES)
def test_figures_are_within_the_distance(policy_id):
    result = published(policy_id)
    assert 0 < result.distance <= MAX_DISTANCE[policy_id]
    counts = result.tables.counts
    assert (result.figures[result.in_numbers & (counts == 0)] == 0).all()
    base = POLICIES[policy_id].base
    if POLICIES[policy_id].method is not Method.ROUND_SMALL:
        assert (result.figures[result.in_numbers] % base == 0).all()
    assert not ((result.figures > 0) & (result.figures < base) & result.in_numbers).any()


@pytest.mark.parametrize("policy_id", POLICIES)
def test_the_interval_of_every_figure_contains_the_true_count(policy_id):
    result = published(policy_id)
    assert (result.publication.low <= result.tables.counts).all()
    assert (result.tables.counts <= result.publication.high).all()


@pytest.mark.parametrize("policy_id", POLICIES)
def test_the_narrowest_interval_after_the_audit(policy_id):
    result = published(policy_id)
    audited = audit(result.publication, Attacker.ZEROS_SHOWN)
    counts = result.tables.counts[audited.cells]
    assert (audited.low <= counts).all()
    assert ((counts <= audited.high) | (audited.high == -1)).all()
    protected = np.ones(len(counts), dtype=bool)
    if POLICIES[policy_id].method is Method.ROUND_SMALL:  # large counts may be known
        protected = (counts > 0) & (counts < POLICIES[policy_id].base)
    widths = np.where(audited.high == -1, 99, audited.high - audited.low + 1)[protected]
    assert widths.min() == NARROWEST[policy_id]


@pytest.mark.parametrize("policy_id", NEAREST)
def test_rounding_to_the_nearest_discloses_counts_to_singletons(policy_id):
    """Of 699 figures, a few must be withheld to prevent it."""
    protected = published(policy_id)
    unprotected = round_tables(protected.tables, policy(policy_id))
    assert (len(unprotected.exactly_disclosed), int(protected.withheld.sum())) == NEAREST[policy_id]
    assert not len(protected.exactly_disclosed)


def test_figures_are_identical_on_every_run():
    first = published("small_5")
    records = Records(workforce(), [1] * 2_000)
    again = round_tables(first.tables, POLICIES["small_5"], records=records)
    assert again.values == first.values

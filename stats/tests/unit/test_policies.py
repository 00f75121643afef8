"""The named policies, and invalid combinations of settings."""

from dataclasses import replace

import pytest

from evenstat.disclosure import POLICIES, SUPPRESSION_POLICIES, Dominance, Method, Policy, Remedy, Ties, policy
from evenstat.disclosure.policies.named import UNSEEN
from evenstat.errors import InvalidCount, UnknownPolicy

# id: (method, small counts, rounding base, minimum people for an average, minimum people for a percentage)
EXPECTED = {
    "council_lt10": (Method.SUPPRESS, (1, 9), 1, 10, 10),
    "council_lt5": (Method.SUPPRESS, (1, 4), 1, 5, 5),
    "hesa": (Method.ROUND, None, 5, 8, 22.5),
    "nhs_hes": (Method.ROUND, (1, 7), 5, 8, 0),
    "nhs_model_hospital": (Method.SUPPRESS, (1, 6), 1, 7, 7),
    "ofqual": (Method.ROUND, (1, 4), 5, 0, 0),
    "mod": (Method.ROUND, None, 10, 0, 0),
    "ons_ls_10": (Method.SUPPRESS, (1, 9), 1, 10, 10),
    "sro_acro": (Method.SUPPRESS, (0, 9), 1, 10, 10),
    "gpg_2025_10": (Method.SUPPRESS, (1, 9), 1, 10, 10),
    "epg_2023_50": (Method.SUPPRESS, (1, 49), 1, 50, 50),
}


def test_every_named_policy():
    settings = {
        known.id: (
            known.method,
            (known.suppress_from, known.threshold) if known.threshold else None,
            known.base,
            known.contributors,
            known.percent_base,
        )
        for known in POLICIES
    }
    assert settings == EXPECTED
    assert list(settings) == list(EXPECTED)  # councils first, as pages list them


def test_every_policy_has_a_name_a_description_and_a_source():
    assert all(known.description.endswith((".", ".)")) and known.source and known.name for known in POLICIES)
    for unchecked in ("hesa", "nhs_hes", "nhs_model_hospital", "ons_ls_10"):
        assert UNSEEN in policy(unchecked).description
    assert not any("To be checked" in known.description for known in POLICIES)


def test_policies_for_one_way_tables():
    assert [known.id for known in SUPPRESSION_POLICIES] == [
        "council_lt10",
        "council_lt5",
        "nhs_model_hospital",
        "ons_ls_10",
    ]


def test_acro_has_dominance_and_p_percent_rules():
    acro = policy("sro_acro")
    assert (acro.dominance, acro.p_percent, acro.zeros_shown) == (Dominance(largest=2, percent=90), 10, False)


@pytest.mark.parametrize(
    ("changes", "fix"),
    [
        ({"suppress_from": 3, "threshold": 9}, "set suppress_from to 1"),
        ({"threshold": 0}, "set threshold to 1 or more"),
        ({"threshold": 4, "base": 5}, "leave the base out"),
        ({"threshold": 4, "distance": 5}, "leave distance and variance out"),
        ({"method": Method.ROUND}, "give a base of 2 or more"),
        ({"method": Method.ROUND, "base": 10, "distance": 4}, "allow a distance of 5 or more"),
        ({"method": Method.ROUND, "base": 5, "suppress_from": 0}, "set suppress_from to 1"),
        ({"method": Method.ROUND, "base": 5, "variance": 2.0}, "leave it out"),
        ({"method": Method.ROUND_TO_ADD_UP, "base": 5, "distance": 3}, "allow a distance of 4 or more"),
        ({"method": Method.ROUND_TO_ADD_UP, "base": 5, "threshold": 4}, "leave suppress_from and threshold out"),
        ({"method": Method.ROUND_SMALL, "base": 3, "group_disclosure": True}, "leave group_disclosure out"),
        ({"method": Method.CELL_KEY, "variance": 2.0}, "give the distance"),
        ({"method": Method.CELL_KEY, "distance": 5, "variance": 2.0, "base": 5}, "leave it out"),
        ({"method": Method.CELL_KEY, "distance": 5}, "give one above 0 and below its distance"),
        ({"method": Method.CELL_KEY, "distance": 5, "variance": 9.0}, "below its distance, 5"),
        ({"threshold": 4, "dominance": Dominance(largest=0, percent=90)}, "invalid dominance rule"),
        ({"threshold": 4, "p_percent": 100}, "give 0"),
        ({"threshold": 4, "contributors": -1}, "negative minimum number of people"),
    ],
    ids=str,
)
def test_an_invalid_combination_is_refused(changes, fix):
    with pytest.raises(UnknownPolicy, match=f"Policy 'odd' .*{fix}"):
        Policy(id="odd", name="Odd", description="", **changes)


def test_the_distance_must_be_a_whole_number():
    with pytest.raises(InvalidCount, match="distance of policy 'odd'"):
        Policy(id="odd", name="Odd", description="", method=Method.CELL_KEY, distance=2.5, variance=1.0)


def test_a_policy_is_changed_by_making_a_copy():
    changed = replace(policy("mod"), if_exact=Remedy.WITHHOLD)
    assert (changed.ties, changed.if_exact, policy("mod").if_exact) == (Ties.EVEN, Remedy.WITHHOLD, Remedy.REPORT)

"""The named policies as data, and combinations that make no sense."""

from dataclasses import replace

import pytest

from evenstat.disclosure import HIDING, POLICIES, Dominance, Method, Policy, Remedy, Ties, policy
from evenstat.errors import InvalidCount, UnknownPolicy

# id: (method, counts unsafe or marked, base, fewest behind an average, fewest behind a percentage)
RULES = {
    "council_lt10": (Method.HIDE, (1, 9), 1, 10, 10),
    "council_lt5": (Method.HIDE, (1, 4), 1, 5, 5),
    "hesa": (Method.ROUND, None, 5, 8, 22.5),
    "nhs_hes": (Method.ROUND, (1, 7), 5, 8, 0),
    "nhs_model_hospital": (Method.HIDE, (1, 6), 1, 7, 7),
    "ofqual": (Method.ROUND, (1, 4), 5, 0, 0),
    "mod": (Method.ROUND, None, 10, 0, 0),
    "ons_ls_10": (Method.HIDE, (1, 9), 1, 10, 10),
    "sro_acro": (Method.HIDE, (0, 9), 1, 10, 10),
    "gpg_2025_10": (Method.HIDE, (1, 9), 1, 10, 10),
    "epg_2023_50": (Method.HIDE, (1, 49), 1, 50, 50),
}


def test_every_named_rule():
    found = {
        each.id: (
            each.method,
            (each.hide_from, each.hide_to) if each.hide_to else None,
            each.base,
            each.contributors,
            each.percent_base,
        )
        for each in POLICIES
    }
    assert found == RULES
    assert list(found) == list(RULES)  # councils first, as pages list them


def test_each_says_what_it_does_and_where_that_stands():
    assert all(each.description.endswith((".", ".)")) and each.source and each.name for each in POLICIES)
    for unseen in ("hesa", "nhs_hes", "nhs_model_hospital", "ons_ls_10"):
        assert "To be checked" in policy(unseen).description


def test_only_what_the_engine_for_one_way_tables_can_apply():
    assert [each.id for each in HIDING] == [
        "council_lt10",
        "council_lt5",
        "nhs_model_hospital",
        "ons_ls_10",
    ]


def test_acro_looks_at_who_rules_a_sum():
    acro = policy("sro_acro")
    assert (acro.dominance, acro.p_percent, acro.zeros_shown) == (Dominance(largest=2, percent=90), 10, False)


@pytest.mark.parametrize(
    ("changes", "mend"),
    [
        ({"hide_from": 3, "hide_to": 9}, "set hide_from to 1"),
        ({"hide_to": 0}, "set hide_to to 1 or more"),
        ({"hide_to": 4, "base": 5}, "leave the base out"),
        ({"hide_to": 4, "distance": 5}, "leave distance and variance out"),
        ({"method": Method.ROUND}, "give a base of 2 or more"),
        ({"method": Method.ROUND, "base": 10, "distance": 4}, "allow a distance of 5 or more"),
        ({"method": Method.ROUND, "base": 5, "hide_from": 0}, "set hide_from to 1"),
        ({"method": Method.ROUND, "base": 5, "variance": 2.0}, "draws nothing"),
        ({"method": Method.ROUND_TO_ADD_UP, "base": 5, "distance": 3}, "allow a distance of 4 or more"),
        ({"method": Method.ROUND_TO_ADD_UP, "base": 5, "hide_to": 4}, "leave hide_from and hide_to out"),
        ({"method": Method.ROUND_SMALL, "base": 3, "group_disclosure": True}, "hides nothing"),
        ({"method": Method.CELL_KEY, "variance": 2.0}, "give the distance"),
        ({"method": Method.CELL_KEY, "distance": 5, "variance": 2.0, "base": 5}, "leave it out"),
        ({"method": Method.CELL_KEY, "distance": 5}, "give one above 0 and below its distance"),
        ({"method": Method.CELL_KEY, "distance": 5, "variance": 9.0}, "below its distance, 5"),
        ({"hide_to": 4, "dominance": Dominance(largest=0, percent=90)}, "without sense"),
        ({"hide_to": 4, "p_percent": 100}, "give 0"),
        ({"hide_to": 4, "contributors": -1}, "fewer people than nobody"),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(changes, mend):
    with pytest.raises(UnknownPolicy, match=f"Policy 'odd' .*{mend}"):
        Policy(id="odd", name="Odd", description="", **changes)


def test_numbers_are_whole():
    with pytest.raises(InvalidCount, match="distance of policy 'odd'"):
        Policy(id="odd", name="Odd", description="", method=Method.CELL_KEY, distance=2.5, variance=1.0)


def test_a_policy_is_changed_by_making_another():
    mended = replace(policy("mod"), if_exact=Remedy.WITHHOLD)
    assert (mended.ties, mended.if_exact, policy("mod").if_exact) == (Ties.EVEN, Remedy.WITHHOLD, Remedy.REPORT)

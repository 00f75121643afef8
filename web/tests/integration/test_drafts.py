"""What is not published is nowhere: no page, no list and no count of the site knows of it."""

from collections.abc import Callable

import pytest
from django.test import Client

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, User
from evenhand.evidence.actions import import_workforce
from evenhand.plans import actions, queries
from evenhand.plans.models import Plan
from evenhand.public.queries import directory, released_datasets, shortfalls
from evenhand.releases import actions as releases
from evenhand.releases.models import Release

C = "/authorities/calderdale-council/"
WORDS = "Fairness for <b>every</b> resident"
PLAN = f"""
format: evenhand-plan/1
authority: calderdale-council
slug: secret
title: A title that nobody knows
status: draft
source: {{title: Example, publisher: Nobody, dated: not dated, read_on: 2026-11-22, rights: none}}
nodes:
  - kind: objective
    ref: "1"
    wording: {WORDS}
    children:
      - {{kind: priority, ref: "1.1", wording: {WORDS}}}
"""


@pytest.fixture
def draft(db, by: User) -> Plan:
    return actions.import_plan(PLAN.encode(), by=by, name="plan.yaml").plan


def test_a_draft_plan_is_on_no_page(client: Client, draft: Plan) -> None:
    assert client.get(f"{C}plans/secret/").status_code == 404
    for address in ("/", C, "/sources/", "/authorities/"):
        assert "A title that nobody knows" not in client.get(address).content.decode()
    (found,) = directory("calderdale")
    assert found.plans_out == 0


def test_a_draft_plan_does_not_exist_for_those_who_may_not_see_it(
    calderdale: Authority, draft: Plan, member: Callable[..., User]
) -> None:
    leeds = Authority.objects.get(slug="leeds-city-council")
    for role in Role:
        with pytest.raises(queries.UnknownPlan):
            queries.plan(calderdale, "secret", by=member(leeds, role))
    assert queries.plan(calderdale, "secret", by=member(calderdale, Role.VIEWER)) == draft


def test_the_words_of_a_plan_cannot_bring_markup_in(client: Client, draft: Plan, by: User) -> None:
    actions.publish(draft, by=by)
    for address in ("/", C, f"{C}plans/secret/"):
        page = client.get(address).content.decode()
        assert "Fairness for &lt;b&gt;every&lt;/b&gt; resident" in page
        assert "<b>every" not in page


def test_a_data_set_that_only_a_draft_uses_is_not_among_the_sources(db, by: User) -> None:
    counts = b"published,organisation,employees,gender_female\n2026,Liverpool City Council,100,60\n"
    held = import_workforce(counts, by=by, name="counts.csv").stored
    liverpool = Authority.objects.get(slug="liverpool-city-council")
    releases.draft(liverpool, by=by, slug="w", title="W", policy_id="council_lt10", snapshots=held)
    assert [each.authority.slug for each in released_datasets()] == ["calderdale-council", "leeds-city-council"]


def test_a_draft_publication_is_not_counted_nor_are_its_figures(db) -> None:
    assert Release.objects.filter(authority__slug="calderdale-council").exclude(state="published").count() == 2
    assert {each.slug: each.releases_out for each in directory("council")}["calderdale-council"] == 1
    assert {each.table.policy for each in shortfalls()} == {"council_lt10"}

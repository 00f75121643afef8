"""Unpublished drafts do not appear on any public page, in any list or in any count."""

from collections.abc import Callable

import pytest
from django.test import Client

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, User
from evenhand.evidence.actions import import_workforce
from evenhand.evidence.queries import snapshots
from evenhand.plans import actions, queries
from evenhand.plans.models import Plan
from evenhand.public.queries import directory, released_datasets, shortfalls
from evenhand.releases import actions as releases
from evenhand.releases.models import Release
from support.authorities import leeds_with_staff

pytestmark = pytest.mark.usefixtures("in_production")

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


def test_a_draft_plan_is_not_on_any_public_page(client: Client, draft: Plan) -> None:
    assert client.get(f"{C}plans/secret/").status_code == 404
    for address in ("/", C, "/sources/", "/authorities/"):
        assert "A title that nobody knows" not in client.get(address).content.decode()
    (authority,) = directory("calderdale")
    assert authority.plan_count == 0


def test_a_draft_plan_does_not_exist_for_people_who_may_not_see_it(
    calderdale: Authority, draft: Plan, member: Callable[..., User]
) -> None:
    leeds = leeds_with_staff()
    for role in Role:
        with pytest.raises(queries.UnknownPlan):
            queries.plan(calderdale, "secret", by=member(leeds, role))
    assert queries.plan(calderdale, "secret", by=member(calderdale, Role.VIEWER)) == draft


def test_markup_in_a_plan_is_escaped(client: Client, draft: Plan, by: User) -> None:
    actions.publish(draft, by=by)
    for address in ("/", C, f"{C}plans/secret/"):
        page = client.get(address).content.decode()
        assert "Fairness for &lt;b&gt;every&lt;/b&gt; resident" in page
        assert "<b>every" not in page


def test_a_data_set_used_only_in_a_draft_is_not_listed_as_a_source(db, by: User) -> None:
    counts = b"published,organisation,employees,gender_female\n2026,Liverpool City Council,100,60\n"
    stored = import_workforce(counts, by=by, name="counts.csv").stored
    liverpool = Authority.objects.get(slug="liverpool-city-council")
    releases.draft(liverpool, by=by, slug="w", title="W", policy_id="council_lt10", snapshots=stored)
    assert [dataset.authority.slug for dataset in released_datasets()] == ["calderdale-council", "leeds-city-council"]


def test_a_draft_publication_and_its_figures_are_not_counted(calderdale: Authority, by: User) -> None:
    years = list(snapshots(calderdale))[:1]
    for slug in ("first", "second"):
        release = releases.draft(calderdale, by=by, slug=slug, title=slug, policy_id="council_lt5", snapshots=years)
        releases.protect(release, by=by)
    assert Release.objects.filter(authority__slug="calderdale-council").exclude(state="published").count() == 2
    assert {authority.slug: authority.release_count for authority in directory("council")}["calderdale-council"] == 1
    assert {shortfall.table.policy for shortfall in shortfalls()} == {"council_lt10"}

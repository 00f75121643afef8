"""Stored plans: word for word, in their order, each at its own address."""

import re
from pathlib import Path

import pytest
from django.test import Client

import evenhand
from evenhand.authorities.models import User
from evenhand.plans import actions
from evenhand.plans.models import Plan
from evenhand.plans.queries import document
from evenhand.plans.reading import read_plan

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("in_production")]

FILES = sorted((Path(evenhand.__file__).parent / "demonstration" / "plans").glob("*.yaml"))
REGION = "/authorities/liverpool-city-region-combined-authority/plans/equality-objectives/"
LEEDS = "/authorities/leeds-city-council/plans/equality-objectives/"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_stored_plan_equals_its_file(db, file: Path) -> None:
    in_file = read_plan(file.read_bytes(), file.name)
    assert document(Plan.objects.get(authority__slug=in_file.authority, slug=in_file.slug)) == in_file


def test_two_authorities_can_use_the_same_slug(client: Client, by: User) -> None:
    example = Path(__file__).parents[3] / "docs" / "examples" / "complete-plan.yaml"
    text = re.sub(r"(?m)^authority: .*$", "authority: leeds-city-council", example.read_text())
    text = re.sub(r"(?m)^slug: .*$", "slug: equality-objectives", text)
    actions.publish(actions.import_plan(text.encode(), by=by, name="plan.yaml").plan, by=by)
    for address, name in ((REGION, "Liverpool City Region Combined Authority"), (LEEDS, "Leeds City Council")):
        assert f'<p class="eh-overline">{name}</p>' in client.get(address).content.decode()


def test_quotes_from_the_document_are_marked_and_companions_are_not(client: Client, db) -> None:
    page = client.get(REGION).content.decode()
    clauses = re.findall(r'<div id="clause-([^"]+)">\s*<dt>\s*(<q>)?', page)
    companions = {
        clause.id
        for node, _parent in document(Plan.objects.get(slug="equality-objectives")).walk()
        for clause in node.clauses
        if clause.companion
    }
    assert companions
    assert {clause_id for clause_id, quoted in clauses if not quoted} == companions

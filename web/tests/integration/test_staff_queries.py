"""A signed-in page reads the person's roles once, and never those of an earlier request."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evenhand.authorities import actions as authorities
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import may, remember_roles
from evenhand.demonstration.bodies import EXAMPLE_AUTHORITY
from evenhand.plans.permissions import EDIT_PLAN

W = f"/work/{EXAMPLE_AUTHORITY}/"


def officer() -> User:
    return User.objects.get(email=f"officer@{EXAMPLE_AUTHORITY}.example")


@pytest.mark.parametrize(
    ("address", "limit"),
    [("/work/", 16), (W, 17), (f"{W}publications/", 8), (f"{W}plans/", 12), (f"{W}people/", 8)],
)
def test_a_staff_page_reads_the_roles_once(client: Client, db, address: str, limit: int) -> None:
    client.force_login(officer())
    client.get("/work/")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    assert len(captured) <= limit


def test_a_role_given_or_taken_away_counts_from_the_next_request(client: Client, by: User, council: Authority) -> None:
    person = officer()
    client.force_login(person)
    assert client.get(f"{W}plans/").status_code == 200
    assert client.get(f"{W}settings/").status_code == 403
    authorities.change_roles(council, person, by=by, roles={Role.ADMINISTRATOR})
    assert client.get(f"{W}settings/").status_code == 200
    authorities.change_roles(council, person, by=by, roles={Role.VIEWER})
    assert client.get(f"{W}settings/").status_code == 403
    assert client.post(f"{W}settings/details/", {}).status_code == 403


def test_only_the_person_object_of_the_request_remembers(by: User, council: Authority) -> None:
    remembering, other = officer(), officer()
    remember_roles(remembering)
    for user in (remembering, other):
        assert may(user, EDIT_PLAN, council).allowed
    authorities.change_roles(council, other, by=by, roles={Role.VIEWER})
    assert may(remembering, EDIT_PLAN, council).allowed
    assert not may(other, EDIT_PLAN, council).allowed
    assert not may(officer(), EDIT_PLAN, council).allowed

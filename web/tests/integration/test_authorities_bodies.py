"""Authorities and their units: details, predecessors and successors, closing, and the tree of units."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.authorities import actions
from evenhand.authorities.enums import Kind, Role
from evenhand.authorities.errors import NotPossible, Outdated
from evenhand.authorities.models import Authority, Membership, Unit, User
from evenhand.authorities.permissions import Refused
from evenhand.authorities.queries import tree, units_below
from evenhand.ledger.models import Entry
from support.authorities import leeds_with_staff
from support.people_actions import somebody, unit

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("in_production")]

TODAY = date(2026, 4, 1)


def change_details(body: Authority, by: User, **changes: object) -> Authority:
    details = {
        "version": body.version,
        "name": body.name,
        "kind": Kind(body.kind),
        "area_code": body.area_code,
        "area_name": body.area_name,
    }
    return actions.change_details(body, by=by, **(details | changes))


@pytest.fixture
def admin(calderdale: Authority) -> User:
    return somebody(Role.ADMINISTRATOR)


@pytest.fixture
def leeds(db) -> Authority:
    return leeds_with_staff()


def test_a_concurrent_change_of_the_details_is_refused(calderdale: Authority, admin: User) -> None:
    seen = calderdale.version
    change_details(calderdale, admin, area_name="Calderdale and Halifax")
    with pytest.raises(Outdated, match="Somebody else"):
        change_details(calderdale, admin, version=seen, area_name="Overwritten")
    calderdale.refresh_from_db()
    assert (calderdale.area_name, calderdale.version) == ("Calderdale and Halifax", seen + 1)


@pytest.mark.parametrize(
    "wrong", [{"area_code": "12"}, {"name": "=1+1"}, {"name": "Leeds City Council"}, {"kind": "x"}]
)
def test_invalid_details_change_nothing(calderdale: Authority, admin: User, wrong: dict[str, str]) -> None:
    entries = Entry.objects.count()
    with pytest.raises((ValidationError, ValueError)):
        change_details(calderdale, admin, **wrong)
    assert Entry.objects.count() == entries


def test_a_succession_is_shown_on_both_public_pages(
    calderdale: Authority, leeds: Authority, by: User, client: Client
) -> None:
    actions.record_succession(leeds, calderdale, by=by, on=TODAY, breaks="Staff of Leeds <b>count</b> from then on.")
    after = client.get("/authorities/calderdale-council/").content.decode()
    assert "For figures before 1 April 2026, see" in after
    assert 'href="/authorities/leeds-city-council/"' in after
    assert "Staff of Leeds &lt;b&gt;count&lt;/b&gt; from then on." in after
    before = client.get("/authorities/leeds-city-council/").content.decode()
    assert "For figures from 1 April 2026, see" in before


def test_a_body_cannot_succeed_itself_or_its_own_successor(calderdale: Authority, leeds: Authority, by: User) -> None:
    liverpool = Authority.objects.get(slug="liverpool-city-council")
    actions.record_succession(leeds, calderdale, by=by, on=TODAY, breaks="x")
    actions.record_succession(calderdale, liverpool, by=by, on=TODAY, breaks="x")
    for before, after in ((calderdale, calderdale), (calderdale, leeds), (liverpool, leeds), (leeds, calderdale)):
        with pytest.raises(NotPossible):
            actions.record_succession(before, after, by=by, on=TODAY, breaks="x")


def test_recording_a_succession_needs_an_administrator_of_both_bodies(
    calderdale: Authority, leeds: Authority, admin: User
) -> None:
    with pytest.raises(Refused):
        actions.record_succession(leeds, calderdale, by=admin, on=TODAY, breaks="x")
    Membership.objects.create(authority=leeds, user=admin, role=Role.ADMINISTRATOR)
    assert actions.record_succession(leeds, calderdale, by=admin, on=TODAY, breaks="x")


def test_a_body_cannot_be_a_member_of_itself_or_its_members(calderdale: Authority, leeds: Authority, by: User) -> None:
    actions.join(leeds, by=by, parent=calderdale)
    for parent in (leeds, calderdale):
        with pytest.raises(NotPossible):
            actions.join(Authority.objects.get(id=calderdale.id), by=by, parent=Authority.objects.get(id=parent.id))
    actions.join(leeds, by=by, parent=None)
    assert actions.join(calderdale, by=by, parent=Authority.objects.get(id=leeds.id)).parent == leeds


def test_the_closing_date_can_be_changed_until_it_arrives(calderdale: Authority, admin: User, client: Client) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    actions.close(calderdale, by=admin, on=tomorrow, reason="Merged")
    entries = Entry.objects.count()
    actions.close(calderdale, by=admin, on=tomorrow, reason="Merged")
    assert Entry.objects.count() == entries
    actions.close(calderdale, by=admin, on=timezone.localdate(), reason="Merged")
    with pytest.raises(NotPossible, match="already closed"):
        actions.close(calderdale, by=admin, on=tomorrow, reason="again")
    page = client.get("/authorities/calderdale-council/").content.decode()
    assert "Calderdale Council closed on" in page
    published = client.get("/authorities/calderdale-council/publications/workforce-2019-to-2026/")
    assert published.status_code == 200


def test_a_unit_that_contains_other_units_cannot_be_closed(calderdale: Authority, admin: User) -> None:
    parent = unit("Place")
    child = unit("Highways", parent)
    with pytest.raises(NotPossible, match="Close or move them first"):
        actions.close_unit(parent, by=admin)
    person = somebody(Role.VIEWER)
    actions.place(calderdale, person, by=admin, unit=child)
    actions.close_unit(child, by=admin)
    actions.close_unit(child, by=admin)
    assert Membership.objects.get(user=person, ended_at=None).unit is None
    actions.close_unit(parent, by=admin)
    assert [branch.unit.name for branch in tree(calderdale) if branch.unit in (parent, child)] == []
    for call in (
        lambda: actions.rename_unit(child, by=admin, name="x"),
        lambda: actions.place(calderdale, person, by=admin, unit=child),
        lambda: actions.add_unit(calderdale, by=admin, name="y", parent=parent),
    ):
        with pytest.raises(NotPossible):
            call()


def test_units_of_another_authority_cannot_be_used(calderdale: Authority, leeds: Authority, admin: User) -> None:
    theirs = unit("Theirs", at=leeds)
    for call in (
        lambda: actions.add_unit(calderdale, by=admin, name="x", parent=theirs),
        lambda: actions.move_unit(unit(), by=admin, parent=theirs),
        lambda: actions.place(calderdale, somebody(), by=admin, unit=theirs),
        lambda: actions.invite(calderdale, by=admin, email="u@x.example", name="U", roles=["viewer"], unit=theirs),
    ):
        with pytest.raises(NotPossible, match="not an open unit"):
            call()
    with pytest.raises(Refused):
        actions.rename_unit(theirs, by=admin, name="Ours")


def test_unit_names_are_unique_within_the_same_parent(calderdale: Authority, admin: User) -> None:
    place = actions.add_unit(calderdale, by=admin, name="Place")
    actions.add_unit(calderdale, by=admin, name="Policy", parent=place)
    actions.add_unit(calderdale, by=admin, name="Policy")
    for parent, name in ((None, "policy"), (place, " Policy ")):
        with pytest.raises(NotPossible, match="already"):
            actions.add_unit(calderdale, by=admin, name=name, parent=parent)


MOVES = st.lists(st.tuples(st.integers(0, 5), st.one_of(st.none(), st.integers(0, 5))), max_size=12)


def test_units_stay_a_tree_after_any_moves(calderdale: Authority, by: User) -> None:
    units = [unit(f"Unit {number}") for number in range(6)]

    @settings(max_examples=25)
    @given(MOVES)
    def check_moves(moves: list[tuple[int, int | None]]) -> None:
        Unit.objects.filter(id__in=[unit.id for unit in units]).update(parent=None)
        for moving, to in moves:
            parent = None if to is None else Unit.objects.get(id=units[to].id)
            descendants = {unit.id for unit in units_below(units[moving])} | {units[moving].id}
            refused = parent is not None and parent.id in descendants
            try:
                actions.move_unit(units[moving], by=by, parent=parent)
            except NotPossible:
                assert refused
            else:
                assert not refused
        listed = [branch.unit for branch in tree(calderdale)]
        assert len(listed) == len(set(listed)) == Unit.objects.filter(authority=calderdale, closed_on=None).count()

    check_moves()

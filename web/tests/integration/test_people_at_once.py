"""Two at once, each in a process of their own: one account, one end of access, one administrator left."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from own_databases import BOTH, done, evenhand, laid_out, python, started

START = """
import json
from evenhand.authorities import actions
from evenhand.authorities.enums import Role
from evenhand.authorities.queries import authority, operator
body = authority("anywhere")
for name in ("ada", "bea"):
    actions.add_member(body, by=operator(), email=f"{name}@x.example", name=name.title(), role=Role.ADMINISTRATOR)
made = actions.invite(body, by=operator(), email="new@x.example", name="New", roles=[Role.VIEWER])
print(made.token)
"""
# Each waits until all have started, so that they meet.
MEET = """
import time
from pathlib import Path
from evenhand.authorities import actions
from evenhand.authorities.enums import Role
from evenhand.authorities.errors import NotPossible
from evenhand.authorities.permissions import Refused
from evenhand.authorities.queries import authority, open_invitation, operator, person
body = authority("anywhere")
{before}
folder = Path({folder!r})
(folder / "ready-{number}").touch()
give_up = time.monotonic() + 60
while len(list(folder.glob("ready-*"))) < {together} and time.monotonic() < give_up:
    time.sleep(0.005)
try:
    {does}
    print("done")
except (NotPossible, Refused) as refused:
    print("refused:", refused)
"""
COUNT = """
import json
from evenhand.authorities.models import Membership, Unit, User
from evenhand.ledger.models import Entry
standing = Membership.objects.filter(ended_at=None)
print(json.dumps({
    "administrators": standing.filter(role="administrator").count(),
    "new": User.objects.filter(email="new@x.example").count(),
    "roles of new": standing.filter(user__email="new@x.example").count(),
    "accepted": Entry.objects.filter(action="authorities.accept").count(),
    "units": Unit.objects.filter(name="Highways").count(),
    "invited": Entry.objects.filter(action="authorities.invite").count(),
}))
"""


@pytest.fixture(params=BOTH)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    with laid_out(request.param, tmp_path) as database:
        add = ("authority", "add", "anywhere", "--name", "Anywhere Council", "--kind", "metropolitan_district")
        evenhand(tmp_path, database, *add, "--area-code", "E99999999", "--area-name", "X")
        yield tmp_path, database


def at_once(site: tuple[Path, str], *calls: tuple[str, str]) -> list[str]:
    """What each said: what it looked up before, and what it did when all were ready."""
    for old in site[0].glob("ready-*"):
        old.unlink()
    running = [
        started(
            *site,
            "shell",
            "-v",
            "0",
            "-c",
            MEET.format(before=before, does=does, number=number, together=len(calls), folder=str(site[0])),
        )
        for number, (before, does) in enumerate(calls)
    ]
    ended = [(each, each.communicate()) for each in running]
    assert [each.returncode for each, _said in ended] == [0] * len(calls), ended
    return [said.strip() for _each, (said, _complained) in ended]


def test_two_at_once(site: tuple[Path, str]) -> None:
    token = done(python(*site, START)).strip()
    accept = (
        f"found = open_invitation({token!r})",
        "actions.accept(found, password='a heron on the ninth canal', name='New')",
    )
    said = at_once(site, accept, accept, accept)
    assert sorted(each.split(":")[0] for each in said) == ["done", "refused", "refused"]

    each_other = [
        (f"by, other = person('{one}@x.example'), person('{two}@x.example')", "actions.end_access(other, body, by=by)")
        for one, two in (("ada", "bea"), ("bea", "ada"))
    ]
    said = at_once(site, *each_other)
    assert sorted(each.split(":")[0] for each in said) == ["done", "refused"], said

    unit = ("by = operator()", "actions.add_unit(body, by=by, name='Highways')")
    invite = (
        "by = operator()",
        "actions.invite(body, by=by, email='twice@x.example', name='T', roles=[Role.VIEWER])",
    )
    for twice in (unit, invite):
        said = at_once(site, twice, twice)
        assert sorted(each.split(":")[0] for each in said) == ["done", "refused"], said
    assert json.loads(done(python(*site, COUNT))) == {
        "administrators": 1,
        "new": 1,
        "roles of new": 1,
        "accepted": 1,
        "units": 1,
        "invited": 2,
    }

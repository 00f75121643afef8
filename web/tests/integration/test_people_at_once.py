"""Concurrent actions in separate processes: one account, one ended access, one administrator left."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.databases import BOTH_ENGINES, evenhand, migrated_database, output_of, run_script, start_command

START = """
import json
from evenhand.authorities import actions
from evenhand.authorities.enums import Role
from evenhand.authorities.queries import authority, operator
body = authority("anywhere")
for name in ("ada", "bea"):
    actions.add_member(body, by=operator(), email=f"{name}@x.example", name=name.title(), role=Role.ADMINISTRATOR)
invitation = actions.invite(body, by=operator(), email="new@x.example", name="New", roles=[Role.VIEWER])
print(invitation.token)
"""
# Each process waits until all have started.
RUN_TOGETHER = """
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
deadline = time.monotonic() + 60
while len(list(folder.glob("ready-*"))) < {processes} and time.monotonic() < deadline:
    time.sleep(0.005)
try:
    {action}
    print("done")
except (NotPossible, Refused) as refused:
    print("refused:", refused)
"""
COUNT = """
import json
from evenhand.authorities.models import Membership, Unit, User
from evenhand.ledger.models import Entry
memberships = Membership.objects.filter(ended_at=None)
print(json.dumps({
    "administrators": memberships.filter(role="administrator").count(),
    "new": User.objects.filter(email="new@x.example").count(),
    "roles of new": memberships.filter(user__email="new@x.example").count(),
    "accepted": Entry.objects.filter(action="authorities.accept").count(),
    "units": Unit.objects.filter(name="Highways").count(),
    "invited": Entry.objects.filter(action="authorities.invite").count(),
}))
"""


@pytest.fixture(params=BOTH_ENGINES)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    with migrated_database(request.param, tmp_path) as database:
        add = ("authority", "add", "anywhere", "--name", "Anywhere Council", "--kind", "metropolitan_district")
        evenhand(tmp_path, database, *add, "--area-code", "E99999999", "--area-name", "X")
        yield tmp_path, database


def at_once(site: tuple[Path, str], *calls: tuple[str, str]) -> list[str]:
    """The output of each process. A call is what it looks up first, and the action that all run at the same time."""
    for old in site[0].glob("ready-*"):
        old.unlink()
    running = [
        start_command(
            *site,
            "shell",
            "-v",
            "0",
            "-c",
            RUN_TOGETHER.format(before=before, action=action, number=number, processes=len(calls), folder=str(site[0])),
        )
        for number, (before, action) in enumerate(calls)
    ]
    finished = [(process, process.communicate()) for process in running]
    assert [process.returncode for process, _output in finished] == [0] * len(calls), finished
    return [stdout.strip() for _process, (stdout, _stderr) in finished]


def test_concurrent_actions(site: tuple[Path, str]) -> None:
    token = output_of(run_script(*site, START)).strip()
    accept = (
        f"invitation = open_invitation({token!r})",
        "actions.accept(invitation, password='a heron on the ninth canal', name='New')",
    )
    outputs = at_once(site, accept, accept, accept)
    assert sorted(output.split(":")[0] for output in outputs) == ["done", "refused", "refused"]

    each_other = [
        (f"by, other = person('{one}@x.example'), person('{two}@x.example')", "actions.end_access(other, body, by=by)")
        for one, two in (("ada", "bea"), ("bea", "ada"))
    ]
    outputs = at_once(site, *each_other)
    assert sorted(output.split(":")[0] for output in outputs) == ["done", "refused"], outputs

    unit = ("by = operator()", "actions.add_unit(body, by=by, name='Highways')")
    invite = (
        "by = operator()",
        "actions.invite(body, by=by, email='twice@x.example', name='T', roles=[Role.VIEWER])",
    )
    for twice in (unit, invite):
        outputs = at_once(site, twice, twice)
        assert sorted(output.split(":")[0] for output in outputs) == ["done", "refused"], outputs
    assert json.loads(output_of(run_script(*site, COUNT))) == {
        "administrators": 1,
        "new": 1,
        "roles of new": 1,
        "accepted": 1,
        "units": 1,
        "invited": 2,
    }

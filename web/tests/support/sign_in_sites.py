"""A site with its own folder, database, server and accounts, for the tests of signing in."""

import json
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from urllib.request import urlopen

from support import fork_server
from support.databases import copy_static_files, evenhand, migrated_database, output_of, run_script, settings_of
from support.servers import free_port

REPOSITORY = Path(__file__).resolve().parents[3]
PASSWORD = "a heron on the ninth canal"
AUTHORITY = ("anywhere", "--name", "Anywhere Council", "--kind", "metropolitan_district")
AREA = ("--area-code", "E99999999", "--area-name", "Anywhere")
PEOPLE = """
from evenhand.authorities import actions
from evenhand.authorities.enums import Role
from evenhand.authorities.queries import authority, operator
for name, role in {people}.items():
    actions.add_member(authority("anywhere"), by=operator(), email=f"{{name}}@anywhere.example", name=name.title(),
                       role=Role(role), password={password!r})
"""


@dataclass
class Site:
    """`address` uses a host name, because passkeys need one. The server listens only on this machine."""

    var: Path
    database: str
    address: str = ""
    settings: dict[str, str] = field(default_factory=dict)

    def evenhand(self, *words: str) -> str:
        return evenhand(self.var, self.database, *words)

    def run_script(self, script: str) -> str:
        """Run the script in a separate process on the site's database, and return what it prints."""
        return output_of(run_script(self.var, self.database, script)).strip()

    def record(self) -> list[tuple[str, dict[str, object]]]:
        """The action and new values of every sign-in entry in the record of changes, oldest first."""
        output = self.run_script(
            "import json\n"
            "from evenhand.ledger.models import Entry\n"
            "rows = Entry.objects.filter(action__startswith='sign_in.').order_by('at').select_related('payload')\n"
            "print(json.dumps([(row.action, row.payload.content['after']) for row in rows]))"
        )
        return [(action, after) for action, after in json.loads(output)]

    def messages(self, to: str) -> list[str]:
        """The emails sent to the person, oldest first. Runs the worker once, which sends any that are waiting."""
        self.evenhand("worker", "--once")
        messages = []
        for path in sorted((self.var / "mail").glob("*"), key=lambda path: path.stat().st_mtime_ns):
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            if to in str(message["to"]):
                messages.append(str(message.get_content()))
        return messages

    def link(self, to: str) -> str:
        """The path of the link in the last email to the person."""
        (path,) = re.findall(r"https?://[^/\s]+(/\S+)", self.messages(to)[-1])
        return str(path)


@contextmanager
def served(folder: Path, people: dict[str, str], *, engine: str = "sqlite", **settings: str) -> Iterator[Site]:
    with migrated_database(engine, folder) as database:
        site = Site(folder, database)
        port = free_port()
        site.address = f"http://localhost:{port}"
        site.settings = {
            **settings_of(folder, database),
            "PORT": str(port),
            "EVENHAND_ADDRESS": site.address,
            "EVENHAND_SIGN_INS_A_MINUTE": "0",  # no rate limits: these tests are about account locking
            "EVENHAND_FORMS_A_MINUTE": "0",
            "EVENHAND_REQUESTS_A_MINUTE": "0",
            **settings,
        }
        copy_static_files(folder)
        site.evenhand("authority", "add", *AUTHORITY, *AREA)
        if people:
            site.run_script(PEOPLE.format(people=people, password=PASSWORD))
        with gunicorn(site.settings, folder) as server:
            wait_for(f"http://127.0.0.1:{port}/sign-in/", server)
            yield site


@contextmanager
def gunicorn(settings: dict[str, str], folder: Path) -> Iterator[fork_server.ForkedProcess]:
    """The site as `make run` serves it. Its output goes to `server.log` in the folder."""
    words = ("--config", str(REPOSITORY / "scripts" / "gunicorn_conf.py"), "evenhand.config.wsgi:application")
    with fork_server.ForkedProcess(
        fork_server.run_gunicorn, *words, settings=settings, log=folder / "server.log"
    ) as server:
        try:
            yield server
        finally:
            server.terminate()


def wait_for(address: str, server: "subprocess.Popen[bytes] | fork_server.ForkedProcess") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server ended before it answered"
        try:
            with urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.05)  # waiting for another process to start listening
    raise AssertionError("the server did not answer")

"""A real site for the sign-in tests: its own folder, database and server, with the people that a test names."""

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

import nursery
from own_databases import done, evenhand, laid_out, python, settings_of, with_static_files
from own_servers import free_port

REPOSITORY = Path(__file__).resolve().parents[2]
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
    """`address` has a name in it, as passkeys need; the server listens on this machine only."""

    var: Path
    database: str
    address: str = ""
    settings: dict[str, str] = field(default_factory=dict)

    def evenhand(self, *words: str) -> str:
        return evenhand(self.var, self.database, *words)

    def python(self, code: str) -> str:
        """What the code prints; run in a process of its own, on the site's own database."""
        return done(python(self.var, self.database, code)).strip()

    def record(self) -> list[tuple[str, dict[str, object]]]:
        """Every entry of this room, the oldest first: the action and what it says."""
        said = self.python(
            "import json\n"
            "from evenhand.ledger.models import Entry\n"
            "rows = Entry.objects.filter(action__startswith='sign_in.').order_by('at').select_related('payload')\n"
            "print(json.dumps([(row.action, row.payload.content['after']) for row in rows]))"
        )
        return [(action, after) for action, after in json.loads(said)]

    def messages(self, to: str) -> list[str]:
        """What was sent to the person, the oldest first. The worker sends; here it is asked to do so at once."""
        self.evenhand("worker", "--once")
        found = []
        for path in sorted((self.var / "mail").glob("*"), key=lambda path: path.stat().st_mtime_ns):
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            if to in str(message["to"]):
                found.append(str(message.get_content()))
        return found

    def link(self, to: str) -> str:
        """The path of the last link that was sent to the person."""
        (found,) = re.findall(r"https?://[^/\s]+(/\S+)", self.messages(to)[-1])
        return str(found)


@contextmanager
def served(folder: Path, people: dict[str, str], *, engine: str = "sqlite", **settings: str) -> Iterator[Site]:
    with laid_out(engine, folder) as database:
        site = Site(folder, database)
        port = free_port()
        site.address = f"http://localhost:{port}"
        site.settings = {
            **settings_of(folder, database),
            "PORT": str(port),
            "EVENHAND_ADDRESS": site.address,
            "EVENHAND_SIGN_INS_A_MINUTE": "0",  # what is tested here is the lock, not how often one machine may ask
            "EVENHAND_FORMS_A_MINUTE": "0",
            "EVENHAND_REQUESTS_A_MINUTE": "0",
            **settings,
        }
        with_static_files(folder)
        site.evenhand("authority", "add", *AUTHORITY, *AREA)
        if people:
            site.python(PEOPLE.format(people=people, password=PASSWORD))
        with gunicorn(site.settings, folder) as server:
            wait_for(f"http://127.0.0.1:{port}/sign-in/", server)
            yield site


@contextmanager
def gunicorn(settings: dict[str, str], folder: Path) -> Iterator[nursery.Born]:
    """The site as `make run` serves it. What it says goes to `server.log` in the folder."""
    words = ("--config", str(REPOSITORY / "scripts" / "gunicorn_conf.py"), "evenhand.config.wsgi:application")
    with nursery.Born(nursery.gunicorn, *words, settings=settings, log=folder / "server.log") as server:
        try:
            yield server
        finally:
            server.terminate()


def wait_for(address: str, server: "subprocess.Popen[bytes] | nursery.Born") -> None:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        assert server.poll() is None, "the server ended before it answered"
        try:
            with urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.05)  # the only wait: for another process to begin to listen
    raise AssertionError("the server did not answer")

"""Shared by the tests of backup, restore and export: awkward rows, and the content of folders for comparison."""

from pathlib import Path

from support.databases import evenhand, output_of, run_script

PASSPHRASE = "four words are enough"

# Values that databases may store in different ways, saved through the models as the site does.
AWKWARD = """
import datetime, json, uuid
from django.core.files.base import ContentFile
from django.utils import timezone
from evenhand.authorities import actions
from evenhand.authorities.models import Authority, User
from evenhand.authorities.queries import operator
from evenhand.demonstration.bodies import EXAMPLE_AUTHORITY
from evenhand.evidence.models import ComparabilityNote, Dataset
from evenhand.ledger.actions import Subject, recording
from evenhand.ledger.access_log import log_access
from evenhand.notifications.actions import send
from evenhand.plans.models import Plan
from evenhand.records.files import Root, fingerprint, store
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt

store(Root.PRIVATE, b"a plan")
Authority.objects.filter(slug="leeds-city-council").update(demonstration=False)  # works with the site: has drafts
leeds = Authority.objects.get(slug="leeds-city-council")
words = 'Ẁ‮ 😀 "quoted", a line\\r\\nmore; =1+1 \\u2028 \\\\ \\t'
structure = {"b": [1, 2.5, 0.1, 1e16, 1e-7, 10**30, -0.0, None, True, ""], "a": {"ß": words, "": []}, "ab": 2**63}
at = datetime.datetime(2026, 10, 25, 0, 59, 59, 1, tzinfo=datetime.UTC)
data = Dataset.objects.get(authority=leeds)
ComparabilityNote.objects.create(dataset=data, characteristic="x", category="", reason=words)
Plan.objects.create(authority=leeds, slug="awkward", title="", status="draft", source=structure, wording_note=words,
                    file_sha256=fingerprint(b"a plan"), imported_at=at, published_at=None)
Plan.objects.create(authority=leeds, slug="nothing", title=words[:200], status="draft", source=[],
                    file_sha256=fingerprint(b"a plan"), imported_at=at.replace(microsecond=0))
person = User.objects.get(email=f"analyst@{EXAMPLE_AUTHORITY}.example")
EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
Authenticator.objects.create(user=person, type="totp", data={"secret": "sealed elsewhere"})
AccessAttempt.objects.create(username="x", ip_address="::1", get_data="", post_data="", failures_since_start=1)
send(person.email, "Subject", "https://example.org/invitation/token-of-nobody/")
with recording("test.awkward", by=operator(), on=Subject("x", uuid.UUID(int=2**127), leeds.id), reason=words) as change:
    change.after = {"structure": structure, "at": at}
log_access(person, Subject("snapshot", leeds.id, leeds.id))
store(Root.PRIVATE, b"")
store(Root.PRIVATE, bytes(range(256)) * 10_000)
"""


def load_demonstration(var: Path, database: str) -> None:
    """Loads the demonstration and the awkward rows into a migrated database."""
    evenhand(var, database, "demo")
    output_of(run_script(var, database, AWKWARD))


def passphrase_file(folder: Path) -> Path:
    file = folder / "passphrase"
    file.write_text(PASSPHRASE + "\n")
    return file


def file_contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}

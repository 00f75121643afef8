from django.urls import reverse
from django.utils import timezone

from access.rules import SIGNED_IN, Rule
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, Membership, User
from evenhand.privacy.enums import RequestKind
from evenhand.privacy.models import Request

ADMIN = frozenset({Role.ADMINISTRATOR})
DOCUMENT = "/work/{authority}/documents/record-of-processing"
A = "/work/{authority}/requests/"


def _asked(authority: Authority) -> Request:
    person, _made = User.objects.get_or_create(email="asks@privacy.example", defaults={"name": "Somebody Asking"})
    Membership.objects.get_or_create(
        user=person, authority=authority, role=Role.VIEWER, defaults={"ended_at": timezone.now()}
    )
    asked, _made = Request.objects.get_or_create(
        authority=authority,
        person=person,
        kind=RequestKind.ERASURE,
        defaults={"received_on": "2026-11-02", "due_on": "2026-12-02"},
    )
    return asked


def _at(name: str):
    def address(authority: Authority) -> str:
        return reverse(f"privacy:{name}", kwargs={"authority": authority.slug, "request_id": _asked(authority).id})

    return address


RULES = {
    "privacy:my_data": Rule("/work/my-data/", opens=SIGNED_IN),
    "privacy:my_file": Rule("/work/my-data/file/", opens=SIGNED_IN),
    "privacy:ask": Rule("/work/my-data/ask/", opens=SIGNED_IN, posts=SIGNED_IN),
    "privacy:requests": Rule(A, opens=ADMIN),
    "privacy:receive": Rule(f"{A}new/", opens=ADMIN, posts=ADMIN),
    "privacy:objections": Rule(f"{A}objections/", opens=ADMIN, posts=ADMIN),
    "privacy:objection_end": Rule(f"{A}objections/end/", opens=ADMIN, posts=ADMIN),
    "operations:documents": Rule("/work/{authority}/documents/", opens=ADMIN),
    "operations:document": Rule(f"{DOCUMENT}/", opens=ADMIN),
    "operations:document_markdown": Rule(f"{DOCUMENT}/document.md", opens=ADMIN),
    "operations:document_page": Rule(f"{DOCUMENT}/document.html", opens=ADMIN),
    "privacy:request": Rule(_at("request"), opens=ADMIN),
    "privacy:request_data": Rule(_at("request_data"), opens=ADMIN),
    "privacy:request_file": Rule(_at("request_file"), opens=ADMIN),
    "privacy:request_close": Rule(_at("request_close"), opens=ADMIN, posts=ADMIN),
    "privacy:request_erase": Rule(_at("request_erase"), opens=ADMIN, posts=ADMIN),
}

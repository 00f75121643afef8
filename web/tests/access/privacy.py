from django.urls import reverse
from django.utils import timezone

from access.rules import SIGNED_IN, Rule
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, Membership, User
from evenhand.privacy.enums import RequestKind
from evenhand.privacy.models import Request

ADMIN = frozenset({Role.ADMINISTRATOR})
DOCUMENT = "/work/{authority}/documents/record-of-processing"
REQUESTS = "/work/{authority}/requests/"


def _request(authority: Authority) -> Request:
    person, _created = User.objects.get_or_create(
        email="asks@privacy.example", defaults={"name": "Somebody Asking", "invented": authority.invented}
    )
    Membership.objects.get_or_create(
        user=person, authority=authority, role=Role.VIEWER, defaults={"ended_at": timezone.now()}
    )
    request, _created = Request.objects.get_or_create(
        authority=authority,
        person=person,
        kind=RequestKind.ERASURE,
        defaults={"received_on": "2026-11-02", "due_on": "2026-12-02"},
    )
    return request


def _request_url(name: str):
    def url(authority: Authority) -> str:
        return reverse(f"privacy:{name}", kwargs={"authority": authority.slug, "request_id": _request(authority).id})

    return url


RULES = {
    "privacy:my_data": Rule("/work/my-data/", opens=SIGNED_IN),
    "privacy:my_file": Rule("/work/my-data/file/", opens=SIGNED_IN),
    "privacy:ask": Rule("/work/my-data/ask/", opens=SIGNED_IN, posts=SIGNED_IN),
    "privacy:requests": Rule(REQUESTS, opens=ADMIN),
    "privacy:receive": Rule(f"{REQUESTS}new/", opens=ADMIN, posts=ADMIN),
    "privacy:objections": Rule(f"{REQUESTS}objections/", opens=ADMIN, posts=ADMIN),
    "privacy:objection_end": Rule(f"{REQUESTS}objections/end/", opens=ADMIN, posts=ADMIN),
    "operations:documents": Rule("/work/{authority}/documents/", opens=ADMIN),
    "operations:document": Rule(f"{DOCUMENT}/", opens=ADMIN),
    "operations:document_markdown": Rule(f"{DOCUMENT}/document.md", opens=ADMIN),
    "operations:document_page": Rule(f"{DOCUMENT}/document.html", opens=ADMIN),
    "privacy:request": Rule(_request_url("request"), opens=ADMIN),
    "privacy:request_data": Rule(_request_url("request_data"), opens=ADMIN),
    "privacy:request_file": Rule(_request_url("request_file"), opens=ADMIN),
    "privacy:request_stop": Rule(_request_url("request_stop"), opens=ADMIN, posts=ADMIN),
    "privacy:request_restart": Rule(_request_url("request_restart"), opens=ADMIN, posts=ADMIN),
    "privacy:request_extend": Rule(_request_url("request_extend"), opens=ADMIN, posts=ADMIN),
    "privacy:request_close": Rule(_request_url("request_close"), opens=ADMIN, posts=ADMIN),
    "privacy:request_erase": Rule(_request_url("request_erase"), opens=ADMIN, posts=ADMIN),
}
FREE_TEXT = {
    "CloseRequestForm.answer": ("privacy:request_close",),
    "ErasePersonForm.name": ("privacy:request_erase",),
    "ErasePersonForm.reason": ("privacy:request_erase",),
    "ExtendForm.reason": ("privacy:request_extend",),
    "MakeRequestForm.note": ("privacy:ask",),
    "RecordRequestForm.note": ("privacy:receive",),
    "StaffNumberForm.number": ("privacy:objections", "privacy:objection_end"),
}

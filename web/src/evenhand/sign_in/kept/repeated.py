"""A form that is sent twice, by a second click or a second press of Enter, does one thing and leads to one place.

Each form that the site renders has a CSRF token of its own spelling. The same person, address, token and entries within
a few seconds are therefore the same form. The second request waits for the first and is redirected to where it led,
with the same messages. If the first was refused, the second is processed like any other.
"""

import time
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac

from evenhand.authorities.models import User
from evenhand.sign_in.enums import KeptKind
from evenhand.sign_in.kept import storage
from evenhand.sign_in.kept.encryption import decrypt, encrypt
from evenhand.sign_in.kept.sent_form import CSRF_FIELD, is_library_view, needs_sign_in
from evenhand.sign_in.models import KeptContent

SAME_FORM_SECONDS = 5  # after the first was answered: later, somebody who sends it again means to
LONGEST_WAIT_SECONDS = 30
GIVEN_UP_SECONDS = 60  # the longest that a process may take for a request (config/serving.py)
POLL_SECONDS = 0.1


class RepeatedFormMiddleware:
    """The innermost middleware, so that it sees the response of the view and its messages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        row: KeptContent | None = getattr(request, "form_in_process", None)
        if row is not None:
            _finish(request, row, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if request.method != "POST" or not isinstance(request.user, User) or not request.POST.get(CSRF_FIELD):
            return None
        if not needs_sign_in(view) or is_library_view(request):
            return None
        return _begin(request, request.user, _key(request))


def _key(request: HttpRequest) -> str:
    files = [(name, file.name, file.size) for name in request.FILES for file in request.FILES.getlist(name)]
    entries = f"{request.get_full_path()} {urlencode(sorted(request.POST.lists()), doseq=True)} {files}"
    return salted_hmac("evenhand.repeated", f"{request.user.pk} {sha256(entries.encode()).hexdigest()}").hexdigest()


def _begin(request: HttpRequest, person: User, key: str) -> HttpResponseBase | None:
    """Claim the form for this request, or answer as the request that claimed it was answered."""
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    while True:
        if row := _claim(person, key):
            request.form_in_process = row  # type: ignore[attr-defined]
            return None
        earlier = KeptContent.objects.filter(key=key, person=person).first()
        if earlier is not None and earlier.content:
            outcome = decrypt(bytes(earlier.content), bound_to=storage.bound_to(earlier))
            if outcome is not None and time.time() - outcome["finished_at"] <= SAME_FORM_SECONDS:
                return _same_outcome(request, outcome)
            earlier.delete()
        elif earlier is not None and _age(earlier) > GIVEN_UP_SECONDS:
            earlier.delete()
        elif time.monotonic() > deadline:
            return render(request, "sign_in/still_working.html", status=202)
        else:
            time.sleep(POLL_SECONDS)


def _claim(person: User, key: str) -> KeptContent | None:
    try:
        with transaction.atomic():
            return KeptContent.objects.create(
                person=person,
                kind=KeptKind.OUTCOME,
                key=key,
                content=b"",
                kept_until=timezone.now() + storage.KEPT_FOR,
            )
    except IntegrityError:
        return None


def _age(row: KeptContent) -> float:
    return (timezone.now() - (row.kept_until - storage.KEPT_FOR)).total_seconds()


def _same_outcome(request: HttpRequest, outcome: dict[str, Any]) -> HttpResponse:
    for level, text in outcome["messages"]:
        messages.add_message(request, level, text)
    return redirect(outcome["location"])


def _finish(request: HttpRequest, row: KeptContent, response: HttpResponseBase) -> None:
    """Remember where the form led. A form that was refused, or failed, may be sent again at once."""
    if response.status_code not in (302, 303):
        row.delete()
        return
    queued = getattr(getattr(request, "_messages", None), "_queued_messages", [])
    outcome = {
        "location": response.headers["Location"],
        "messages": [(message.level, str(message.message)) for message in queued],
        "finished_at": time.time(),
    }
    row.content = encrypt(outcome, bound_to=storage.bound_to(row))
    KeptContent.objects.filter(pk=row.pk).update(content=row.content)
    if isinstance(request.user, User):
        storage.delete_oldest(request.user, KeptKind.OUTCOME)

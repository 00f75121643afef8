"""What a browser sent, as it is kept: the fields that may be kept, and the names of what is left out."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

KEPT, SHOWN = "kept", "shown"  # parameters in the query: a kept form, and the page that a form led to
KEPT_FIELD = "kept_form"  # the hidden field of a form that was filled in again
CSRF_FIELD = "csrfmiddlewaretoken"
LIBRARY_VIEWS = ("account_", "mfa_", "socialaccount_", "usersessions_", "openid_connect_")  # passwords and codes
NEVER_KEPT = re.compile(r"pass(word|phrase|code|wd)|token|secret|credential|otp|^pin$|^code$|_code$|recovery", re.I)
HARMLESS = frozenset({"area_code"})  # of a place


def needs_sign_in(view: Callable[..., Any]) -> bool:
    return bool(getattr(view, "login_required", True))


def is_library_view(request: HttpRequest) -> bool:
    """Whether the form is one of allauth's, whose fields are passwords, codes and passkeys."""
    match = request.resolver_match
    return match is None or match.view_name.startswith(LIBRARY_VIEWS)


def fields_not_kept(view: Callable[..., Any]) -> frozenset[str]:
    """The fields that the view declares as never kept, by the decorator `not_kept` or as an attribute of the class."""
    of_class = getattr(getattr(view, "view_class", None), "fields_not_kept", ())
    return frozenset((*getattr(view, "fields_not_kept", ()), *of_class))


def may_be_kept(name: str, left_out: frozenset[str] = frozenset()) -> bool:
    return name in HARMLESS or not (name in left_out or NEVER_KEPT.search(name))


def sent_form(request: HttpRequest, view: Callable[..., Any]) -> dict[str, Any]:
    """The fields that may be kept, the names of those that may not, and the names of the files."""
    left_out = fields_not_kept(view)
    names = [name for name in request.POST if name not in (CSRF_FIELD, KEPT_FIELD)]
    return {
        "path": request.path,
        "fields": {name: request.POST.getlist(name) for name in names if may_be_kept(name, left_out)},
        "not_kept": [name for name in names if not may_be_kept(name, left_out) and any(request.POST.getlist(name))],
        "files": [str(file.name) for name in request.FILES for file in request.FILES.getlist(name)],
    }


def page_of(request: HttpRequest) -> str:
    """The address of the page with the form: the page that the browser came from, or else the address of the form."""
    referrer = request.META.get("HTTP_REFERER", "")
    if url_has_allowed_host_and_scheme(referrer, {request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(referrer)
        if _is_staff_page(parts.path):
            return without_parameters(urlunsplit(("", "", parts.path, parts.query, "")))
    return without_parameters(request.get_full_path())


def _is_staff_page(path: str) -> bool:
    try:
        match = resolve(path)
    except Resolver404:
        return False
    return needs_sign_in(match.func) and not match.view_name.startswith(LIBRARY_VIEWS)


def without_parameters(address: str) -> str:
    return _with_query(address, {})


def with_parameter(address: str, name: str, value: object) -> str:
    return _with_query(address, {name: str(value)})


def _with_query(address: str, added: dict[str, str]) -> str:
    parts = urlsplit(address)
    kept = [(name, value) for name, value in parse_qsl(parts.query, True) if name not in (KEPT, SHOWN)]
    return urlunsplit(("", "", parts.path, urlencode([*kept, *added.items()]), parts.fragment))

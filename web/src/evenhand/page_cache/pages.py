"""The decorator of public views whose pages are cached.

It caches what the view returns, before any middleware adds to it. Rate limits, the request log, security headers,
conditional requests and sign-in therefore work in the same way for a cached page and for one that was just made.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import set_response_etag
from django.utils.translation import get_language

from evenhand.page_cache import store
from evenhand.page_cache.store import StoredPage

View = Callable[..., HttpResponse]
MAX_BYTES = 2_000_000


def cached_page(version: Callable[..., str], *, query: Mapping[str, str] | None = None) -> Callable[[View], View]:
    """Cache a public view. `version` takes the view's arguments and returns a text that changes with the page.

    `query` lists the query parameters that the view reads, each with a pattern of the values to cache. A request with
    another value is answered without the cache. All other parameters are ignored, because the view does not read them.
    """
    patterns = {name: re.compile(pattern) for name, pattern in sorted((query or {}).items())}

    def decorate(view: View) -> View:
        @wraps(view)
        def cached_view(request: HttpRequest, **kwargs: str) -> HttpResponse:
            parameters = _cached_parameters(request, patterns)
            if parameters is None or not _is_anonymous(request):
                return view(request, **kwargs)
            key = _key(request, version(**kwargs), parameters)  # read before the page is made
            page = store.read(key)
            if page is not None:
                return HttpResponse(page.content, headers=page.headers)
            return _store(key, request, view(request, **kwargs))

        return cached_view

    return decorate


def _cached_parameters(request: HttpRequest, patterns: Mapping[str, re.Pattern[str]]) -> list[str] | None:
    given = {name: request.GET[name] for name in patterns if name in request.GET}
    if request.method not in ("GET", "HEAD") or not all(patterns[name].fullmatch(given[name]) for name in given):
        return None
    return [f"{name}={value}" for name, value in given.items()]


def _is_anonymous(request: HttpRequest) -> bool:
    """Whether the request has no cookie of this site. Cookies of the council's other sites do not change a page."""
    own = {
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        settings.LANGUAGE_COOKIE_NAME,
        CookieStorage.cookie_name,
    }
    return own.isdisjoint(request.COOKIES) and "HTTP_AUTHORIZATION" not in request.META


def _key(request: HttpRequest, version: str, parameters: list[str]) -> str:
    """The date is included because a page can depend on it: an authority closes on a day."""
    parts = (
        _settings_shown(),
        str(get_language()),
        str(datetime.now(timezone.get_default_timezone()).date()),
        version,
        request.path,
        *parameters,
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _settings_shown() -> str:
    """The settings that a public page may show or that change how it is written."""
    names = ("STATIC_URL", "TIME_ZONE", "USE_THOUSAND_SEPARATOR", "EVENHAND_ADDRESS", "EVENHAND_SECURITY_CONTACT")
    return repr([getattr(settings, name, None) for name in names])


def _store(key: str, request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if not _may_be_stored(request, response):
        return response
    set_response_etag(response)  # stored too, so that it is computed once
    store.write(StoredPage(key, response.content, dict(response.headers)))
    return response


def _may_be_stored(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the response is the same for everyone: no form token, nonce, message, session or cookie of a visitor."""
    return not (
        response.status_code != 200
        or response.streaming
        or response.cookies
        or len(response.content) > MAX_BYTES
        or "Cache-Control" in response.headers
        or "CSRF_COOKIE" in request.META
        or any(name.startswith("_csp") for name in vars(response))
        or isinstance(getattr(request, "_csp_nonce", None), str)
        or _is_personal(request)
    )


def _is_personal(request: HttpRequest) -> bool:
    session: Any = getattr(request, "session", None)
    messages: Any = getattr(request, "_messages", ())
    user: Any = getattr(request, "user", None)
    has_session = session is not None and (session.modified or not session.is_empty())
    return has_session or len(messages) > 0 or (user is not None and user.is_authenticated)

"""One line in the log, and one count in the metrics, for each request: what it was, never what it said.

Written: the name of the route, the method, the status, the time it took, the person's id. Not written: the address, the
query, the body, a cookie, a name, an e-mail address; a path may hold any of them.
"""

import logging
import re
import time

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from evenhand.config.log_lines import REQUEST_ID, new_request_id
from evenhand.config.middleware import Answer
from evenhand.operations import metrics

logger = logging.getLogger("evenhand.requests")
SENT_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
QUIET = ("operations:live", "operations:ready", "operations:metrics", "static")


class Journal:
    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.META.get("HTTP_X_REQUEST_ID", "")  # taken out already, unless a trusted proxy sent it
        id_ = given if SENT_ID.fullmatch(given) else new_request_id()
        held, began = REQUEST_ID.set(id_), time.perf_counter()
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = id_
            _write(request, response.status_code, time.perf_counter() - began)
            return response
        finally:
            REQUEST_ID.reset(held)


def _write(request: HttpRequest, status: int, seconds: float) -> None:
    route, method = _route(request), request.method if request.method in METHODS else "other"
    metrics.count(route, str(method), status, seconds)
    person = getattr(request, "_cached_user", None)  # only where it is known already: no query for the log's sake
    told = {
        "route": route,
        "method": method,
        "status": status,
        "ms": round(seconds * 1000, 1),
        "user": str(person.pk) if person is not None and person.is_authenticated else None,
    }
    level = logging.ERROR if status >= 500 else logging.DEBUG if route in QUIET and status < 400 else logging.INFO
    logger.log(level, "request", extra={"told": told})


def _route(request: HttpRequest) -> str:
    if request.resolver_match is not None:
        return request.resolver_match.view_name
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"

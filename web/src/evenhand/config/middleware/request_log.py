"""Log one line and count one request in the metrics for each request, without its content.

Logged: the name of the route, the method, the status, the duration and the person's id. Not logged: the IP address,
path, query, body, cookies, names or e-mail addresses. The path is left out because it may contain any of these.
"""

import logging
import re
import time

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from evenhand.config.log_lines import REQUEST_ID, new_request_id
from evenhand.config.middleware import GetResponse
from evenhand.operations import metrics

logger = logging.getLogger("evenhand.requests")
VALID_REQUEST_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
QUIET = ("operations:live", "operations:ready", "operations:metrics", "static")


class RequestLogMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        proxy_id = request.META.get("HTTP_X_REQUEST_ID", "")  # already removed unless a trusted proxy sent it
        request_id = proxy_id if VALID_REQUEST_ID.fullmatch(proxy_id) else new_request_id()
        token, started = REQUEST_ID.set(request_id), time.perf_counter()
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id
            _log(request, response.status_code, time.perf_counter() - started)
            return response
        finally:
            REQUEST_ID.reset(token)


def _log(request: HttpRequest, status: int, seconds: float) -> None:
    route, method = _route(request), request.method if request.method in METHODS else "other"
    metrics.count_request(route, str(method), status, seconds)
    person = getattr(request, "_cached_user", None)  # only if it is already loaded: logging makes no query of its own
    fields = {
        "route": route,
        "method": method,
        "status": status,
        "ms": round(seconds * 1000, 1),
        "user": str(person.pk) if person is not None and person.is_authenticated else None,
    }
    level = logging.ERROR if status >= 500 else logging.DEBUG if route in QUIET and status < 400 else logging.INFO
    logger.log(level, "request", extra={"fields": fields})


def _route(request: HttpRequest) -> str:
    if request.resolver_match is not None:
        return request.resolver_match.view_name
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"

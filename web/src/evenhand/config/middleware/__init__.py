"""Middleware that handles each request before the view and each response after it.

From the outermost inwards: `proxies` finds the client's address, `request_log` logs the request, `security_headers`
adds response headers, `well_formed` refuses malformed requests, and `rate_limit` refuses too many of them.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

GetResponse = Callable[[HttpRequest], HttpResponseBase]

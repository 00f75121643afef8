from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from evenhand.sign_in.views.page_context import sign_in_options


def locked_out(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any] | None) -> HttpResponse:
    """The response to any attempt during a lock. It is the same whether or not an account has the email address."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    context = {"minutes": minutes, "failures": settings.AXES_FAILURE_LIMIT} | sign_in_options(request)
    return render(request, "sign_in/locked.html", context, status=settings.AXES_HTTP_RESPONSE_CODE)

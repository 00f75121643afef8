from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from evenhand.sign_in.views.pages import entrance


def locked(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any] | None) -> HttpResponse:
    """In place of any answer to an attempt that is not looked at: the same whoever has the address, or nobody."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    told = {"minutes": minutes, "failures": settings.AXES_FAILURE_LIMIT} | entrance(request)
    return render(request, "sign_in/locked.html", told, status=settings.AXES_HTTP_RESPONSE_CODE)

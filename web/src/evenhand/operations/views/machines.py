"""What other programs ask: whether the site works, what it counts, where to report a weakness, what may be crawled."""

import hmac
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render, resolve_url
from django.views.decorators.http import require_safe

from evenhand.authorities.access import anyone
from evenhand.operations import health, metrics

VALID_DAYS = 180  # a site that nobody tends any more stops promising an answer


@anyone
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing of the database: starting it anew would not mend that."""
    return _said(request, {})


@anyone
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    return _said(request, health.state())


def _said(request: HttpRequest, state: dict[str, bool]) -> HttpResponse:
    ok = all(state.values())
    shown = state if watches(request) else {}
    headers, status = {"Cache-Control": "no-store"}, 200 if ok else 503
    if request.get_preferred_type(["text/plain", "application/json"]) == "application/json":
        return JsonResponse({"ok": ok} | ({"checks": shown} if shown else {}), status=status, headers=headers)
    lines = ["ok" if ok else "not ok", *(f"{name}: {'ok' if holds else 'not ok'}" for name, holds in shown.items())]
    return _text("\n".join(lines), status=status, headers=headers)


@anyone
@require_safe
def counted(request: HttpRequest) -> HttpResponse:
    if not watches(request):
        raise Http404
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(metrics.page(), content_type="text/plain; version=0.0.4; charset=utf-8", headers=headers)


def watches(request: HttpRequest) -> bool:
    """Whoever the settings name as the one who watches over the site, by address or by token."""
    token = settings.EVENHAND_METRICS_TOKEN
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if token and scheme == "Bearer" and hmac.compare_digest(given.encode(), token.encode()):
        return True
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(address in network for network in settings.EVENHAND_METRICS_ALLOWED)


@anyone
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116."""
    if not settings.EVENHAND_SECURITY_CONTACT:
        raise Http404
    expires = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=VALID_DAYS)
    fields = {
        "Contact": settings.EVENHAND_SECURITY_CONTACT,
        "Expires": f"{expires:%Y-%m-%dT%H:%M:%SZ}",
        "Canonical": settings.EVENHAND_ADDRESS + resolve_url("operations:security_txt"),
        "Preferred-Languages": "en",
        "Policy": settings.EVENHAND_ADDRESS + resolve_url("operations:security"),
    }
    return _text("\n".join(f"{name}: {value}" for name, value in fields.items()))


@anyone
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    return render(request, "operations/security.html", {"contact": settings.EVENHAND_SECURITY_CONTACT})


@anyone
@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """What is published may be found. Staff pages are closed in any case: this only spares both sides the visit."""
    closed = ("/work/", "/sign-in/", "/sign-out/", "/account/", "/invitation/", "/health/", "/metrics")
    return _text("\n".join(["User-agent: *", *(f"Disallow: {path}" for path in closed)]))


def _text(text: str, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8", headers=headers)

"""Pages for other programs: health checks, metrics, security.txt and robots.txt; and how to report a vulnerability."""

import hmac
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render, resolve_url
from django.views.decorators.http import require_safe

from evenhand.authorities.access import anyone
from evenhand.operations import health, metrics

VALID_DAYS = 180  # so that a site that is no longer maintained stops promising a reply


@anyone
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process responds. The database is not checked, because restarting the process would not fix it."""
    return _health_response(request, {})


@anyone
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    return _health_response(request, health.run_checks())


def _health_response(request: HttpRequest, results: dict[str, bool]) -> HttpResponse:
    ok = all(results.values())
    shown = results if may_see_metrics(request) else {}
    headers, status = {"Cache-Control": "no-store"}, 200 if ok else 503
    if request.get_preferred_type(["text/plain", "application/json"]) == "application/json":
        return JsonResponse({"ok": ok} | ({"checks": shown} if shown else {}), status=status, headers=headers)
    lines = ["ok" if ok else "not ok", *(f"{name}: {'ok' if passed else 'not ok'}" for name, passed in shown.items())]
    return _text("\n".join(lines), status=status, headers=headers)


@anyone
@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    if not may_see_metrics(request):
        raise Http404
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(
        metrics.metrics_text(), content_type="text/plain; version=0.0.4; charset=utf-8", headers=headers
    )


def may_see_metrics(request: HttpRequest) -> bool:
    """Whether the settings allow this client, by its address or its token."""
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
    """Published pages may be indexed. Staff pages need a sign-in anyway; this only avoids pointless requests."""
    disallowed = ("/work/", "/sign-in/", "/sign-out/", "/account/", "/invitation/", "/health/", "/metrics")
    return _text("\n".join(["User-agent: *", *(f"Disallow: {path}" for path in disallowed)]))


def _text(text: str, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8", headers=headers)

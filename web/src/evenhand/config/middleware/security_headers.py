"""Security headers on every response, including errors and static files.

The list is that of the OWASP Secure Headers Project. Django itself sets HSTS and a few others; this adds the rest.
"""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from evenhand.config.middleware import GetResponse

DENY_ALL = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
DISABLED_FEATURES = (
    "accelerometer",
    "ambient-light-sensor",
    "autoplay",
    "battery",
    "bluetooth",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "usb",
    "web-share",
    "xr-spatial-tracking",
)
PASSKEYS = ("publickey-credentials-create=(self)", "publickey-credentials-get=(self)")
ALWAYS = {
    "Content-Security-Policy": DENY_ALL,  # used only if the CSP middleware was not reached
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join((*(f"{name}=()" for name in DISABLED_FEATURES), *PASSKEYS)),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
}
SIGN_OUT_VIEW = "account_logout"
# Not "cookies": browsers would clear those of the whole registered domain, including the council's other sites.
CLEAR_SITE_DATA = '"cache", "storage"'


class SecurityHeadersMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if settings.SECURE_HSTS_SECONDS and request.is_secure():
            response.headers.setdefault("Strict-Transport-Security", _hsts())
        if _is_personal(request, response):
            response.headers["Cache-Control"] = "no-store"
        if _is_sign_out(request, response):
            response.headers["Clear-Site-Data"] = CLEAR_SITE_DATA
        return response


def _hsts() -> str:
    """The value that Django's own middleware gives, for responses that it does not see."""
    directives = [f"max-age={settings.SECURE_HSTS_SECONDS}"]
    if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS:
        directives.append("includeSubDomains")
    if settings.SECURE_HSTS_PRELOAD:
        directives.append("preload")
    return "; ".join(directives)


def _is_personal(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether the response is for one person only, so that neither caches nor the browser may store it."""
    if request.path_info.startswith(settings.STATIC_URL) and response.status_code < 400:
        return False
    return bool(response.cookies) or settings.SESSION_COOKIE_NAME in request.COOKIES or response.status_code >= 500


def _is_sign_out(request: HttpRequest, response: HttpResponseBase) -> bool:
    match = request.resolver_match
    return (
        match is not None
        and match.view_name == SIGN_OUT_VIEW
        and request.method == "POST"
        and response.status_code < 400
    )

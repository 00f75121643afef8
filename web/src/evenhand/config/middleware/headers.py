"""Headers that tell a browser what it may do with an answer: on every one, errors and static files included.

The list is the OWASP Secure Headers Project's. HSTS and a few others are Django's own; here stands what is missing.
"""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from evenhand.config.middleware import Answer

NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
OFF = (
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
    "Content-Security-Policy": NOTHING,  # only where the middleware of the policy was not reached
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join((*(f"{name}=()" for name in OFF), *PASSKEYS)),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
}
SIGN_OUT = "account_logout"
# Not "cookies": browsers clear those of the whole registered domain, of the council's other sites too.
FORGET = '"cache", "storage"'


class Headers:
    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if settings.SECURE_HSTS_SECONDS and request.is_secure():
            response.headers.setdefault("Strict-Transport-Security", _hsts())
        if _personal(request, response):
            response.headers["Cache-Control"] = "no-store"
        if _signs_out(request, response):
            response.headers["Clear-Site-Data"] = FORGET
        return response


def _hsts() -> str:
    return f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"


def _personal(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whatever was made for one browser: no cache on the way may keep it, nor the browser after the sign-out."""
    if request.path_info.startswith(settings.STATIC_URL) and response.status_code < 400:
        return False
    return bool(response.cookies) or settings.SESSION_COOKIE_NAME in request.COOKIES or response.status_code >= 500


def _signs_out(request: HttpRequest, response: HttpResponseBase) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name == SIGN_OUT and request.method == "POST" and response.status_code < 400

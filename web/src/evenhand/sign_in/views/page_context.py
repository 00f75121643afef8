"""Context and decorators shared by the sign-in pages."""

from collections.abc import Callable
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import HttpRequest

from evenhand.sign_in import oidc
from evenhand.sign_in.two_factor import passkeys_work

View = Callable[..., Any]


def with_passkeys(view: View) -> View:
    """Allow scripts on this page. Only these pages have any: browsers need a script to create and use passkeys."""
    decorated: View = csp_replace({"script-src": [SELF], "connect-src": [SELF]})(view)
    return decorated


def sign_in_options(request: HttpRequest) -> dict[str, Any]:
    """The ways of signing in that work on this site, at this address."""
    return {"service_name": oidc.provider_name(), "passkeys_work": passkeys_work(request)}

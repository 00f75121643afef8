"""What several of these pages share."""

from collections.abc import Callable
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import HttpRequest

from evenhand.sign_in import service
from evenhand.sign_in.second_steps import passkeys_work

View = Callable[..., Any]


def with_passkeys(view: View) -> View:
    """The only pages with a script: the browser makes and uses a passkey by script alone."""
    allowed: View = csp_replace({"script-src": [SELF], "connect-src": [SELF]})(view)
    return allowed


def entrance(request: HttpRequest) -> dict[str, Any]:
    """The ways in that this installation has, at this address."""
    return {"service_name": service.name(), "passkeys_work": passkeys_work(request)}

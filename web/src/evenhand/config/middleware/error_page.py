"""The error page of a refused request. It uses no database and no session, and repeats nothing from the request."""

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

MESSAGES = {
    400: (_("Bad request"), _("Something in the request is not valid.")),
    405: (
        _("This address has no page of its own"),
        _("It may be the address of a button. Go back to the page with the button, and press it there."),
    ),
    413: (
        _("The request is too large"),
        _("Upload a smaller file. The largest size allowed is shown next to each upload field."),
    ),
    414: (_("The address is too long"), _("Go back and follow the link again, or search for fewer words.")),
    415: (_("The request cannot be read"), _("Send it as UTF-8 text.")),
    429: (_("Too many requests"), _("Wait a minute, then try again.")),
}


def error_response(status: int, **headers: str) -> HttpResponse:
    heading, explanation = MESSAGES[status]
    page = render_to_string("refused.html", {"heading": heading, "words": explanation})
    return HttpResponse(page, status=status, headers={name.replace("_", "-"): value for name, value in headers.items()})

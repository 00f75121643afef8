"""The plain page of a refused request: no database, no session, nothing of what was sent."""

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

WORDS = {
    400: (_("That request can’t be answered"), _("Something in it is not what a browser sends.")),
    405: (_("That can’t be done here"), _("This address only answers pages that are opened and forms that are sent.")),
    413: (_("That is too large"), _("Send less at once: the limit of a file stands beside its field.")),
    414: (_("That address is too long"), _("Go back and follow the link again, or search with fewer words.")),
    415: (_("That can’t be read"), _("Send it as text in UTF-8.")),
    429: (_("Too many requests"), _("Please wait a minute, then try again. Nothing of yours was lost.")),
}


def refused(status: int, **headers: str) -> HttpResponse:
    heading, words = WORDS[status]
    page = render_to_string("refused.html", {"heading": heading, "words": words})
    return HttpResponse(page, status=status, headers={name.replace("_", "-"): text for name, text in headers.items()})

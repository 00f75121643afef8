from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from evenhand.authorities.access import person_of, sent
from evenhand.privacy import actions, forms, paper, queries
from evenhand.privacy.answer import held_about
from evenhand.privacy.enums import RequestKind


@never_cache
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    asked = queries.own_requests(person)
    return render(request, "privacy/my_data.html", {"answer": held_about(person), "asked": asked})


@never_cache
@require_safe
def file(request: HttpRequest) -> HttpResponse:
    return attached(paper.archive(held_about(person_of(request))))


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = forms.Ask(person, sent(request))
    if form.is_valid():
        given = form.cleaned_data
        made = actions.receive(
            given["authority"],
            by=person,
            person=person,
            kind=RequestKind(given["kind"]),
            received_on=timezone.localdate(),
            note=given["note"],
        )
        day = made.due_on.strftime("%-d %B %Y")
        messages.success(request, gettext("Sent. You will have an answer by %(day)s.") % {"day": day})
        return redirect("privacy:my_data")
    return render(request, "privacy/ask.html", {"form": form, "places": queries.authorities_of(person).exists()})


def attached(content: bytes) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{paper.NAME}.zip"'},
    )

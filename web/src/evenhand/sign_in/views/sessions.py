from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from evenhand.authorities.access import person_of
from evenhand.sign_in import actions
from evenhand.sign_in.sessions import open_sessions


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    found = open_sessions(person_of(request), this_one=request.session.session_key)
    return render(request, "sign_in/sessions.html", {"sessions": found})


@require_POST
def end(request: HttpRequest, session: int) -> HttpResponse:
    person = person_of(request)
    if not actions.end_session(person, session, by=person):
        raise Http404
    messages.success(request, _("That browser is signed out."))
    return redirect("usersessions_list")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    ended = actions.end_sessions(person, by=person, but=request.session.session_key)
    said = ngettext("%(count)s other browser is signed out.", "%(count)s other browsers are signed out.", ended)
    messages.success(request, said % {"count": ended} if ended else _("You were signed in nowhere else."))
    return redirect("usersessions_list")

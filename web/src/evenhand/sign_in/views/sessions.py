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
def session_list(request: HttpRequest) -> HttpResponse:
    sessions = open_sessions(person_of(request), current_key=request.session.session_key)
    return render(request, "sign_in/sessions.html", {"sessions": sessions})


@require_POST
def end_session(request: HttpRequest, session: int) -> HttpResponse:
    person = person_of(request)
    if not actions.end_session(person, session, by=person):
        raise Http404
    messages.success(request, _("Signed out of that browser."))
    return redirect("usersessions_list")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    ended = actions.end_sessions(person, by=person, except_key=request.session.session_key)
    message = ngettext("Signed out of %(count)s other browser.", "Signed out of %(count)s other browsers.", ended)
    messages.success(request, message % {"count": ended} if ended else _("You were not signed in anywhere else."))
    return redirect("usersessions_list")

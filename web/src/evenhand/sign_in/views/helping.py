"""Where an administrator helps somebody of the authority who can't get in."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenhand.authorities.access import person_of, sent, staff_of
from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Permission, works_for
from evenhand.sign_in import actions, attempts
from evenhand.sign_in.forms import RemoveSecondSteps
from evenhand.sign_in.queries import has_second_step

page = "sign_in:help"


@staff_of(Permission.MANAGE_AUTHORITY)
@require_safe
def helping(request: HttpRequest, authority: Authority, person: UUID) -> HttpResponse:
    found = _colleague(authority, person)
    told = {
        "authority": authority,
        "person": found,
        "locked_until": attempts.locked_until(found.email),
        "has_second_step": has_second_step(found),
    }
    return render(request, "sign_in/help.html", told)


@staff_of(Permission.MANAGE_AUTHORITY)
@require_POST
def unlock(request: HttpRequest, authority: Authority, person: UUID) -> HttpResponse:
    found = _colleague(authority, person)
    actions.unlock(found, by=person_of(request), authority=authority)
    messages.success(request, _("%(person)s can try again now.") % {"person": found})
    return redirect(page, authority.slug, found.id)


@staff_of(Permission.MANAGE_AUTHORITY)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_second_steps(request: HttpRequest, authority: Authority, person: UUID) -> HttpResponse:
    found = _colleague(authority, person)
    form = RemoveSecondSteps(sent(request))
    if not form.is_valid():
        told = {"authority": authority, "person": found, "form": form}
        return render(request, "sign_in/remove_second_steps.html", told)
    reason = form.cleaned_data["reason"]
    actions.remove_second_steps(found, by=person_of(request), reason=reason, authority=authority)
    messages.success(request, _("The second step of %(person)s is taken away.") % {"person": found})
    return redirect(page, authority.slug, found.id)


def _colleague(authority: Authority, person: UUID) -> User:
    found = User.objects.filter(id=person).first()
    if found is None or not works_for(found, authority):
        raise Http404
    return found

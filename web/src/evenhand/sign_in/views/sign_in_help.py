"""Pages on which an administrator helps someone at their authority who can't sign in."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenhand.authorities.access import bound_data, not_kept, person_of, staff_of
from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import MANAGE_AUTHORITY, works_for
from evenhand.sign_in import actions, attempts
from evenhand.sign_in.forms import RemoveTwoFactorForm
from evenhand.sign_in.queries import has_second_factor

HELP_PAGE = "sign_in:help"


@staff_of(MANAGE_AUTHORITY)
@require_safe
def sign_in_help(request: HttpRequest, authority: Authority, person: UUID) -> HttpResponse:
    colleague = _colleague_or_404(authority, person)
    context = {
        "authority": authority,
        "person": colleague,
        "locked_until": attempts.locked_until(colleague.email),
        "has_second_factor": has_second_factor(colleague),
    }
    return render(request, "sign_in/help.html", context)


@staff_of(MANAGE_AUTHORITY)
@require_POST
def unlock(request: HttpRequest, authority: Authority, person: UUID) -> HttpResponse:
    colleague = _colleague_or_404(authority, person)
    actions.unlock(colleague, by=person_of(request), authority=authority)
    messages.success(request, _("Account unlocked. %(person)s can sign in again.") % {"person": colleague})
    return redirect(HELP_PAGE, authority.slug, colleague.id)


@not_kept("reason")
@staff_of(MANAGE_AUTHORITY)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_second_factors(request: HttpRequest, authority: Authority, person: UUID) -> HttpResponse:
    colleague = _colleague_or_404(authority, person)
    form = RemoveTwoFactorForm(bound_data(request))
    if not form.is_valid():
        context = {"authority": authority, "person": colleague, "form": form}
        return render(request, "sign_in/remove_second_factors.html", context)
    reason = form.cleaned_data["reason"]
    actions.remove_second_steps(colleague, by=person_of(request), reason=reason, authority=authority)
    messages.success(request, _("Two-factor authentication removed for %(person)s.") % {"person": colleague})
    return redirect(HELP_PAGE, authority.slug, colleague.id)


def _colleague_or_404(authority: Authority, person: UUID) -> User:
    colleague = User.objects.filter(id=person).first()
    if colleague is None or not works_for(colleague, authority):
        raise Http404
    return colleague

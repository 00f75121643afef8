"""The page that an invitation's link opens: who invites to what, and a name and password to begin with."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from evenhand.authorities.access import anyone, person_of, sent
from evenhand.authorities.actions import accept, accept_as
from evenhand.authorities.errors import NotPossible, WrongPassword
from evenhand.authorities.models import Invitation, User
from evenhand.authorities.queries import open_invitation
from evenhand.sign_in import attempts, locking
from evenhand.sign_in.forms import AcceptInvitation, ProveAccount
from evenhand.sign_in.service_people import INVITATION
from evenhand.sign_in.views.pages import entrance

Form = AcceptInvitation | ProveAccount


@anyone
@never_cache
@sensitive_post_parameters("password", "password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    found = open_invitation(token)
    if found is None:  # wrong, used, run out and withdrawn all look alike
        return render(request, "sign_in/no_invitation.html", status=404)
    request.session[INVITATION] = token  # for whoever goes on to the sign-in service
    if request.user.is_authenticated and person_of(request).email == found.email:
        return _as_oneself(request, found)
    return _with_account(request, found)


def _as_oneself(request: HttpRequest, found: Invitation) -> HttpResponse:
    if request.method != "POST":
        return _page(request, found, None)
    try:
        accept_as(found, by=person_of(request))
    except NotPossible as refused:
        messages.error(request, str(refused))
        return redirect(request.path)
    messages.success(request, _("You work for %(authority)s now.") % {"authority": found.authority})
    return redirect("authorities:home")


def _with_account(request: HttpRequest, found: Invitation) -> HttpResponse:
    form = _form(request, found)
    if request.method != "POST" or not form.is_valid():
        return _page(request, found, form)
    if not attempts.begin(request, found.email):  # the password of an account that is there can be guessed here too
        locking.failed(request, found.email)
        return _page(request, found, form)
    try:
        person = accept(found, password=form.password, name=form.cleaned_data.get("name") or found.name)
    except ValidationError as weak:
        form.add_error(None, weak)
    except NotPossible as refused:
        form.add_error(None, str(refused))
        if isinstance(refused, WrongPassword):
            locking.failed(request, found.email)
            return _page(request, found, form)
    else:
        attempts.passed(request, found.email)
        return _let_in(request, person)
    attempts.passed(request, found.email)
    return _page(request, found, form)


def _let_in(request: HttpRequest, person: User) -> HttpResponse:
    """As after any password: with the second step next, where there is one."""
    request.session.pop(INVITATION, None)
    if request.user.is_authenticated:
        request.session.flush()
    record_authentication(request, person, method="password", reauthenticated=True)
    answer: HttpResponse = perform_login(request, person, email_verification="none")
    return answer


def _form(request: HttpRequest, found: Invitation) -> Form:
    known = User.objects.filter(email=found.email, is_active=True).first()
    data = sent(request)
    if known and (known.has_usable_password() or known.last_login):
        return ProveAccount(data)
    return AcceptInvitation(data, initial={"name": found.name}, person=known or User(email=found.email))


def _page(request: HttpRequest, found: Invitation, form: Form | None) -> HttpResponse:
    told = {"invitation": found, "form": form, "has_account": isinstance(form, ProveAccount)} | entrance(request)
    return render(request, "sign_in/invitation.html", told)

"""The page that an invitation link opens: who has invited you, and a form to set up or confirm your account."""

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

from evenhand.authorities.access import anyone, bound_data, person_of
from evenhand.authorities.actions import accept, accept_as
from evenhand.authorities.errors import NotPossible, WrongPassword
from evenhand.authorities.models import Invitation, User
from evenhand.authorities.queries import open_invitation
from evenhand.sign_in import attempts, locking
from evenhand.sign_in.forms import AcceptInvitationForm, ExistingAccountForm
from evenhand.sign_in.social_account_adapter import INVITATION
from evenhand.sign_in.views.page_context import sign_in_options

InvitationResponseForm = AcceptInvitationForm | ExistingAccountForm


@anyone
@never_cache
@sensitive_post_parameters("password", "password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    invitation = open_invitation(token)
    if invitation is None:  # the page is the same for wrong, used, expired and withdrawn invitations
        return render(request, "sign_in/no_invitation.html", status=404)
    request.session[INVITATION] = token  # for people who continue with single sign-on
    if request.user.is_authenticated and person_of(request).email == invitation.email:
        return _accept_signed_in(request, invitation)
    return _accept_with_password(request, invitation)


def _accept_signed_in(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if request.method != "POST":
        return _render_page(request, invitation, None)
    try:
        accept_as(invitation, by=person_of(request))
    except NotPossible as error:
        messages.error(request, str(error))
        return redirect(request.path)
    messages.success(
        request, _("Invitation accepted. You now have access to %(authority)s.") % {"authority": invitation.authority}
    )
    return redirect("authorities:home")


def _accept_with_password(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = _bind_form(request, invitation)
    if request.method != "POST" or not form.is_valid():
        return _render_page(request, invitation, form)
    if not attempts.count_attempt(request, invitation.email):  # this form could be used to guess a password too
        locking.record_failure(request, invitation.email)
        return _render_page(request, invitation, form)
    try:
        person = accept(invitation, password=form.password, name=form.cleaned_data.get("name") or invitation.name)
    except ValidationError as error:
        form.add_error(None, error)
    except NotPossible as error:
        form.add_error(None, str(error))
        if isinstance(error, WrongPassword):
            locking.record_failure(request, invitation.email)
            return _render_page(request, invitation, form)
    else:
        attempts.record_success(request, invitation.email)
        return _sign_in(request, person)
    attempts.record_success(request, invitation.email)
    return _render_page(request, invitation, form)


def _sign_in(request: HttpRequest, person: User) -> HttpResponse:
    """Continue as after any password: the second factor is next, if the person has one."""
    request.session.pop(INVITATION, None)
    if request.user.is_authenticated:
        request.session.flush()
    record_authentication(request, person, method="password", reauthenticated=True)
    response: HttpResponse = perform_login(request, person, email_verification="none")
    return response


def _bind_form(request: HttpRequest, invitation: Invitation) -> InvitationResponseForm:
    user = User.objects.filter(email=invitation.email, is_active=True).first()
    data = bound_data(request)
    if user and (user.has_usable_password() or user.last_login):
        return ExistingAccountForm(data)
    person = user or User(email=invitation.email)
    return AcceptInvitationForm(data, initial={"name": invitation.name}, person=person)


def _render_page(request: HttpRequest, invitation: Invitation, form: InvitationResponseForm | None) -> HttpResponse:
    has_account = isinstance(form, ExistingAccountForm)
    context = {"invitation": invitation, "form": form, "has_account": has_account} | sign_in_options(request)
    return render(request, "sign_in/invitation.html", context)

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from evenhand.authorities import actions
from evenhand.authorities.access import person_of, sent, staff_of
from evenhand.authorities.errors import NotPossible
from evenhand.authorities.forms import Confirmation, Inviting
from evenhand.authorities.models import Authority, Invitation
from evenhand.authorities.permissions import Permission
from evenhand.authorities.views.answers import Page, answer


@staff_of(Permission.MANAGE_AUTHORITY)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, authority: Authority) -> HttpResponse:
    form = Inviting(sent(request), authority=authority)
    page = Page(
        title=_("Invite a colleague"),
        button=_("Send the invitation"),
        back=_people(authority),
        crumbs=((_("People"), _people(authority)),),
        intro=(
            _("They get a message with a link that works once, for seven days. With it they choose how to sign in."),
            _("Somebody who has left can be invited back in the same way."),
        ),
    )
    return answer(
        request,
        authority,
        form,
        page,
        do=lambda said: actions.invite(authority, by=person_of(request), **said),
        said=_("The invitation is on its way."),
    )


@staff_of(Permission.MANAGE_AUTHORITY)
@require_POST
def again(request: HttpRequest, authority: Authority, invitation: UUID) -> HttpResponse:
    found = _of(authority, invitation)
    try:
        actions.send_again(found, by=person_of(request))
        messages.success(request, _("Sent again, with a new link. The old one opens nothing any more."))
    except NotPossible as reason:
        messages.error(request, str(reason))
    return redirect(_people(authority))


@staff_of(Permission.MANAGE_AUTHORITY)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, authority: Authority, invitation: UUID) -> HttpResponse:
    found = _of(authority, invitation)
    page = Page(
        title=_("Withdraw the invitation of %(person)s") % {"person": found.name},
        button=_("Withdraw the invitation"),
        back=_people(authority),
        crumbs=((_("People"), _people(authority)),),
        intro=(_("The link in the message opens nothing any more. You can invite the person anew."),),
        grave=True,
    )
    return answer(
        request,
        authority,
        Confirmation(sent(request)),
        page,
        do=lambda _said: actions.withdraw(found, by=person_of(request)),
        said=_("The invitation is withdrawn."),
    )


def _of(authority: Authority, invitation: UUID) -> Invitation:
    return get_object_or_404(Invitation.objects.select_related("authority"), id=invitation, authority=authority)


def _people(authority: Authority) -> str:
    return reverse("authorities:people", kwargs={"authority": authority.slug})

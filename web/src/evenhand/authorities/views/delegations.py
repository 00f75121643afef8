from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evenhand.authorities import actions
from evenhand.authorities.access import person_of, sent, staff_of
from evenhand.authorities.enums import Role
from evenhand.authorities.forms import Lending, Reason
from evenhand.authorities.models import Authority, Delegation
from evenhand.authorities.permissions import Permission, may
from evenhand.authorities.queries import delegations_of
from evenhand.authorities.views.answers import Page, answer


@staff_of()
@require_safe
def delegations(request: HttpRequest, authority: Authority) -> HttpResponse:
    """One's own; an administrator sees everyone's."""
    person = person_of(request)
    administers = may(person, Permission.MANAGE_AUTHORITY, authority).allowed
    context = {
        "authority": authority,
        "administers": administers,
        "delegations": delegations_of(authority, person=None if administers else person),
    }
    return render(request, "authorities/delegations.html", context)


@staff_of()
@require_http_methods(["GET", "HEAD", "POST"])
def lend(request: HttpRequest, authority: Authority) -> HttpResponse:
    person = person_of(request)
    page = Page(
        title=_("Let a colleague stand in for you"),
        button=_("Lend the role"),
        back=_delegations(authority),
        crumbs=((_("Standing in"), _delegations(authority)),),
        intro=(
            _("For the days that you name, your colleague may do what your role allows, and so may you."),
            _("What they do is recorded as theirs, done for you. They can't lend the role on."),
        ),
    )
    return answer(
        request,
        authority,
        Lending(sent(request), authority=authority, giver=person),
        page,
        do=lambda said: actions.delegate(authority, by=person, **(said | {"role": Role(said["role"])})),
        said=_("Your colleague stands in for you in those days."),
    )


@staff_of()
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, authority: Authority, delegation: UUID) -> HttpResponse:
    """For whoever lent it, whoever has it, and an administrator: the action refuses the rest."""
    person = person_of(request)
    found = get_object_or_404(
        Delegation.objects.select_related("authority", "giver", "receiver"), id=delegation, authority=authority
    )
    if person not in (found.giver, found.receiver):
        may(person, Permission.MANAGE_AUTHORITY, authority).require()
    page = Page(
        title=_("End the standing in of %(receiver)s for %(giver)s")
        % {"receiver": found.receiver, "giver": found.giver},
        button=_("End it now"),
        back=_delegations(authority),
        crumbs=((_("Standing in"), _delegations(authority)),),
        grave=True,
    )
    return answer(
        request,
        authority,
        Reason(sent(request)),
        page,
        do=lambda said: actions.end_delegation(found, by=person, reason=said["reason"]),
        said=_("It has ended."),
    )


def _delegations(authority: Authority) -> str:
    return reverse("authorities:delegations", kwargs={"authority": authority.slug})

"""Who has what in hand, and what the members of a combined authority have published."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evenhand.authorities import actions
from evenhand.authorities.access import person_of, sent, staff_of
from evenhand.authorities.forms import Successor
from evenhand.authorities.models import Authority
from evenhand.authorities.permissions import Permission, may
from evenhand.authorities.published import published_by
from evenhand.authorities.queries import in_hand as held
from evenhand.authorities.queries import visible
from evenhand.authorities.views.answers import Page, answer


@staff_of()
@require_safe
def in_hand(request: HttpRequest, authority: Authority) -> HttpResponse:
    context = {
        "authority": authority,
        "in_hand": visible(held(authority=authority), person_of(request), authority),
        "administers": may(person_of(request), Permission.MANAGE_AUTHORITY, authority).allowed,
    }
    return render(request, "authorities/in_hand.html", context)


@staff_of()
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, authority: Authority, assignment: UUID) -> HttpResponse:
    """For whoever has it in hand, and for an administrator."""
    by = person_of(request)
    found = get_object_or_404(held(authority=authority), id=assignment)
    if found.person != by:
        may(by, Permission.MANAGE_AUTHORITY, authority).require()
    back = reverse("authorities:in_hand", kwargs={"authority": authority.slug})
    page = Page(
        title=_("Hand over “%(title)s”") % {"title": found.title},
        button=_("Hand it over"),
        back=back,
        crumbs=((_("In hand"), back),),
        intro=(_("%(person)s has it in hand now.") % {"person": found.person},),
    )
    return answer(
        request,
        authority,
        Successor(sent(request), authority=authority, leaver=found.person),
        page,
        do=lambda said: actions.hand_over(found, by=by, to=said["to"], reason=said["reason"]),
        said=_("Handed over."),
    )


@staff_of()
@require_safe
def members(request: HttpRequest, authority: Authority) -> HttpResponse:
    published = [(each, published_by(each)) for each in authority.members.order_by("name")]
    return render(request, "authorities/members.html", {"authority": authority, "published": published})

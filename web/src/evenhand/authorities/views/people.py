from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evenhand.authorities import actions
from evenhand.authorities.access import person_of, sent, staff_of
from evenhand.authorities.forms import Leaving, Placing, Roles, initial_roles
from evenhand.authorities.models import Authority, GroupRole
from evenhand.authorities.permissions import Permission, delegations_in_force, may
from evenhand.authorities.queries import (
    Colleague,
    colleague,
    colleagues,
    delegations_of,
    in_hand,
    open_units,
    unanswered_invitations,
    visible,
)
from evenhand.authorities.views.answers import Page, answer

LONGEST_SEARCH = 100


@staff_of()
@require_safe
def people(request: HttpRequest, authority: Authority) -> HttpResponse:
    search = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    left = request.GET.get("left") == "1"
    administers = may(person_of(request), Permission.MANAGE_AUTHORITY, authority).allowed
    context = {
        "authority": authority,
        "search": search,
        "left": left,
        "administers": administers,
        "people": colleagues(authority, search=search, left=left),
        "lent": _lent(authority),
        "invitations": unanswered_invitations(authority) if administers and not left else (),
    }
    return render(request, "authorities/people.html", context)


@staff_of()
@require_safe
def person(request: HttpRequest, authority: Authority, person: UUID) -> HttpResponse:
    known = _known(authority, person)
    context = {
        "authority": authority,
        "known": known,
        "administers": may(person_of(request), Permission.MANAGE_AUTHORITY, authority).allowed,
        "is_oneself": known.person == person_of(request),
        "in_hand": visible(in_hand(person=known.person, authority=authority), person_of(request), authority),
        "delegations": delegations_of(authority, person=known.person),
        "has_units": open_units(authority).exists(),
    }
    return render(request, "authorities/person.html", context)


@staff_of(Permission.MANAGE_AUTHORITY)
@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: HttpRequest, authority: Authority, person: UUID) -> HttpResponse:
    known = _known(authority, person)
    form = Roles(sent(request), initial={"roles": initial_roles(known), "seen": ",".join(initial_roles(known))})
    page = Page(
        title=_("Roles of %(person)s") % {"person": known.person},
        button=_("Change the roles"),
        back=_address(authority, known),
        crumbs=_crumbs(authority, known),
        intro=(_("A role that is taken away ends at once, and so does what the person has lent of it."),),
    )
    return answer(
        request,
        authority,
        form,
        page,
        do=lambda said: actions.change_roles(
            authority,
            known.person,
            by=person_of(request),
            roles=said["roles"],
            seen=said["seen"],
            reason=said["reason"],
        ),
        said=_("The roles of %(person)s are as you chose them.") % {"person": known.person},
    )


@staff_of(Permission.MANAGE_AUTHORITY)
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, authority: Authority, person: UUID) -> HttpResponse:
    known = _known(authority, person)
    form = Placing(sent(request), authority=authority, initial={"unit": known.unit})
    page = Page(
        title=_("Where %(person)s works") % {"person": known.person},
        button=_("Save the unit"),
        back=_address(authority, known),
        crumbs=_crumbs(authority, known),
        intro=(_("This says where the person is to be found. It opens nothing to them."),),
    )
    return answer(
        request,
        authority,
        form,
        page,
        do=lambda said: actions.place(authority, known.person, by=person_of(request), unit=said["unit"]),
        said=_("Saved where %(person)s works.") % {"person": known.person},
    )


@staff_of(Permission.MANAGE_AUTHORITY)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, authority: Authority, person: UUID) -> HttpResponse:
    known = _known(authority, person)
    if known.has_left:
        messages.info(request, _("The access of %(person)s has ended already.") % {"person": known.person})
        return redirect(_address(authority, known))
    held = in_hand(person=known.person, authority=authority)
    form = Leaving(sent(request), authority=authority, leaver=known.person, in_hand=held.count())
    page = Page(
        title=_("End the access of %(person)s") % {"person": known.person},
        button=_("End the access"),
        back=_address(authority, known),
        crumbs=_crumbs(authority, known),
        grave=True,
        template="authorities/leave.html",
    )
    return answer(
        request,
        authority,
        form,
        page,
        do=lambda said: actions.end_access(
            known.person, authority, by=person_of(request), hand_over_to=said.get("to"), reason=said["reason"]
        ),
        said=_("%(person)s works here no more.") % {"person": known.person},
        known=known,
        in_hand=held,
        delegations=delegations_of(authority, person=known.person),
        invitations=unanswered_invitations(authority).filter(invited_by=known.person),
        groups=GroupRole.objects.filter(authority=authority) if any(each.source for each in known.current) else (),
    )


def _known(authority: Authority, person: UUID) -> Colleague:
    found = colleague(authority, person)
    if found is None:
        raise Http404
    return found


def _address(authority: Authority, known: Colleague) -> str:
    return reverse("authorities:person", kwargs={"authority": authority.slug, "person": known.person.id})


def _crumbs(authority: Authority, known: Colleague) -> tuple[tuple[str, str], ...]:
    people = reverse("authorities:people", kwargs={"authority": authority.slug})
    return ((_("People"), people), (known.person.name, _address(authority, known)))


def _lent(authority: Authority) -> dict[UUID, list[str]]:
    """The roles that people hold for others at this moment."""
    found: dict[UUID, list[str]] = {}
    for each in delegations_in_force().filter(authority=authority).select_related("giver"):
        words = _("%(role)s, for %(giver)s") % {"role": each.get_role_display(), "giver": each.giver}
        found.setdefault(each.receiver_id, []).append(words)
    return found

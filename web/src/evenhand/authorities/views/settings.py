from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evenhand.authorities import actions
from evenhand.authorities.access import person_of, sent, staff_of
from evenhand.authorities.enums import Kind
from evenhand.authorities.forms import Closing, Details, SuccessionForm
from evenhand.authorities.models import Authority
from evenhand.authorities.permissions import Permission
from evenhand.authorities.queries import predecessors, successors
from evenhand.authorities.views.answers import Page, answer


@staff_of(Permission.MANAGE_AUTHORITY)
@require_safe
def settings(request: HttpRequest, authority: Authority) -> HttpResponse:
    context = {
        "authority": authority,
        "predecessors": predecessors(authority),
        "successors": successors(authority),
    }
    return render(request, "authorities/settings.html", context)


@staff_of(Permission.MANAGE_AUTHORITY)
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest, authority: Authority) -> HttpResponse:
    form = Details(sent(request), initial=Details.as_it_stands(authority))
    page = Page(
        title=_("Details of the authority"),
        button=_("Save the details"),
        back=_settings(authority),
        crumbs=_crumbs(authority),
        intro=(_("They stand on the public page at once."),),
    )
    return answer(
        request,
        authority,
        form,
        page,
        do=lambda said: actions.change_details(
            authority, by=person_of(request), **(said | {"kind": Kind(said["kind"])})
        ),
        said=_("The details are as you wrote them."),
    )


@staff_of(Permission.MANAGE_AUTHORITY)
@require_http_methods(["GET", "HEAD", "POST"])
def succession(request: HttpRequest, authority: Authority) -> HttpResponse:
    person = person_of(request)
    form = SuccessionForm(sent(request), person=person, authority=authority)
    page = Page(
        title=_("Record a body that came before"),
        button=_("Record it"),
        back=_settings(authority),
        crumbs=_crumbs(authority),
        intro=(
            _("The public page will say whose the earlier figures are, and what can't be compared."),
            _("For a body of which you aren't an administrator, ask whoever runs the server."),
        ),
    )
    return answer(
        request,
        authority,
        form,
        page,
        do=lambda said: actions.record_succession(
            said["predecessor"], authority, by=person, on=said["on"], breaks=said["breaks"]
        ),
        said=_("Recorded, and shown on the public page."),
    )


@staff_of(Permission.MANAGE_AUTHORITY)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, authority: Authority) -> HttpResponse:
    form = Closing(sent(request), initial={"on": authority.closed_on})
    page = Page(
        title=_("Close the authority"),
        button=_("Close the authority"),
        back=_settings(authority),
        crumbs=_crumbs(authority),
        intro=(
            _("From that day on nobody can write plans, take figures in or publish, and nobody can be invited."),
            _("Everything that it published stays where it is. Its people can go on reading until their access ends."),
            _("Until the day comes you can choose another one. Afterwards it can't be undone."),
        ),
        grave=True,
    )
    return answer(
        request,
        authority,
        form,
        page,
        do=lambda said: actions.close(authority, by=person_of(request), **said),
        said=_("The day on which the authority closes is set."),
    )


def _settings(authority: Authority) -> str:
    return reverse("authorities:settings", kwargs={"authority": authority.slug})


def _crumbs(authority: Authority) -> tuple[tuple[str, str], ...]:
    return ((_("The authority"), _settings(authority)),)

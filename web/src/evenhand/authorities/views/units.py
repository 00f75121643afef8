from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evenhand.authorities import actions
from evenhand.authorities.access import person_of, sent, staff_of
from evenhand.authorities.forms import Reason, UnitForm
from evenhand.authorities.models import Authority, Unit, User
from evenhand.authorities.permissions import Permission, may
from evenhand.authorities.queries import tree
from evenhand.authorities.views.answers import Page, answer


@staff_of()
@require_safe
def units(request: HttpRequest, authority: Authority) -> HttpResponse:
    administers = may(person_of(request), Permission.MANAGE_AUTHORITY, authority).allowed
    context = {"authority": authority, "branches": tree(authority), "administers": administers}
    return render(request, "authorities/units.html", context)


@staff_of(Permission.MANAGE_AUTHORITY)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, authority: Authority) -> HttpResponse:
    form = UnitForm(sent(request), authority=authority)
    page = Page(
        title=_("Add a unit"),
        button=_("Add the unit"),
        back=_units(authority),
        crumbs=((_("Units"), _units(authority)),),
        intro=(_("A directorate, a service or a team: wherever people work."),),
    )
    return answer(
        request,
        authority,
        form,
        page,
        do=lambda said: actions.add_unit(authority, by=person_of(request), **said),
        said=_("The unit is added."),
    )


@staff_of(Permission.MANAGE_AUTHORITY)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, authority: Authority, unit: UUID) -> HttpResponse:
    found = _open(authority, unit)
    form = UnitForm(
        sent(request), authority=authority, without=found, initial={"name": found.name, "parent": found.parent}
    )
    page = Page(
        title=_("Change %(unit)s") % {"unit": found.name},
        button=_("Save the unit"),
        back=_units(authority),
        crumbs=((_("Units"), _units(authority)),),
    )
    return answer(
        request,
        authority,
        form,
        page,
        do=lambda said: _change(found, said, by=person_of(request)),
        said=_("The unit is as you wrote it."),
    )


@staff_of(Permission.MANAGE_AUTHORITY)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, authority: Authority, unit: UUID) -> HttpResponse:
    found = _open(authority, unit)
    page = Page(
        title=_("Close %(unit)s") % {"unit": found.name},
        button=_("Close the unit"),
        back=_units(authority),
        crumbs=((_("Units"), _units(authority)),),
        intro=(
            _("Whoever works there keeps their roles and stands in no unit until you say where they work."),
            _("A closed unit isn't opened again; you can add one of the same name."),
        ),
        grave=True,
    )
    return answer(
        request,
        authority,
        Reason(sent(request)),
        page,
        do=lambda said: actions.close_unit(found, by=person_of(request), reason=said["reason"]),
        said=_("The unit is closed."),
    )


def _change(unit: Unit, said: dict[str, Any], *, by: User) -> None:
    with transaction.atomic():
        if said["name"] != unit.name:
            actions.rename_unit(unit, by=by, name=said["name"])
        if said["parent"] != unit.parent:
            actions.move_unit(unit, by=by, parent=said["parent"])


def _open(authority: Authority, unit: UUID) -> Unit:
    return get_object_or_404(
        Unit.objects.select_related("authority", "parent"), id=unit, authority=authority, closed_on=None
    )


def _units(authority: Authority) -> str:
    return reverse("authorities:units", kwargs={"authority": authority.slug})

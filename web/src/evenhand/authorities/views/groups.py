from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evenhand.authorities import actions
from evenhand.authorities.access import person_of, sent, staff_of
from evenhand.authorities.enums import Role
from evenhand.authorities.forms import Confirmation, GroupMapping, providers
from evenhand.authorities.models import Authority, GroupRole
from evenhand.authorities.permissions import Permission
from evenhand.authorities.views.answers import Page, answer, done


@staff_of(Permission.MANAGE_AUTHORITY)
@require_http_methods(["GET", "HEAD", "POST"])
def groups(request: HttpRequest, authority: Authority) -> HttpResponse:
    form = GroupMapping(sent(request))

    def add(said: dict[str, Any]) -> object:
        return actions.map_group(authority, by=person_of(request), **(said | {"role": Role(said["role"])}))

    if request.method == "POST" and form.is_valid() and done(form, add):
        messages.success(request, _("The group gives the role from the next sign-in on."))
        return redirect(_groups(authority))
    names = dict(providers())
    mapped = [(each, names.get(each.provider, each.provider)) for each in GroupRole.objects.filter(authority=authority)]
    context = {"authority": authority, "form": form, "mapped": mapped, "has_service": bool(names)}
    return render(request, "authorities/groups.html", context)


@staff_of(Permission.MANAGE_AUTHORITY)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, authority: Authority, mapping: UUID) -> HttpResponse:
    found = GroupRole.objects.select_related("authority").filter(id=mapping, authority=authority).first()
    if found is None:
        messages.info(request, _("This group gives no role any more."))
        return redirect(_groups(authority))
    page = Page(
        title=_("Let %(group)s give the role %(role)s no more")
        % {"group": found.group, "role": found.get_role_display().lower()},
        button=_("Remove it"),
        back=_groups(authority),
        crumbs=((_("Roles by group"), _groups(authority)),),
        intro=(_("Whoever has the role from this group alone loses it at their next sign-in."),),
        grave=True,
    )
    return answer(
        request,
        authority,
        Confirmation(sent(request)),
        page,
        do=lambda _said: actions.unmap_group(found, by=person_of(request)),
        said=_("The group gives the role no more."),
    )


def _groups(authority: Authority) -> str:
    return reverse("authorities:groups", kwargs={"authority": authority.slug})

"""The staff home page, an authority's staff page and the public page about roles."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.authorities import staff_tasks
from evenhand.authorities.access import anyone, person_of, staff_of
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import MANAGE_AUTHORITY, current_roles, may, roles_with
from evenhand.authorities.queries import authorities_of, open_assignments, roles_of
from evenhand.authorities.sections import sections_for
from evenhand.authorities.views.recent_activity import recent_activity
from evenhand.modules import registry


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    authorities = list(authorities_of(person))
    context = {
        "workplaces": [_workplace(person, authority) for authority in authorities],
        "tasks": staff_tasks.tasks_for(person),
        "assignments": open_assignments(person=person),
        "recent_activity": recent_activity(person, authorities),
        "shows_authority": len(authorities) > 1,
    }
    return render(request, "authorities/home.html", context)


@staff_of()
@require_safe
def authority(request: HttpRequest, authority: Authority) -> HttpResponse:
    person = person_of(request)
    context = {
        "authority": authority,
        "workplace": _workplace(person, authority),
        "sections": sections_for(person, authority),
        "tasks": staff_tasks.tasks_at(authority, person),
        "assignments": open_assignments(person=person, authority=authority),
        "recent_activity": recent_activity(person, [authority]),
    }
    return render(request, "authorities/authority.html", context)


@anyone
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    context = {
        "roles": [
            (role, [permission for permission in registry.permissions() if role in permission.roles]) for role in Role
        ],
        "permissions": [(permission.label, roles_with(permission)) for permission in registry.permissions()],
    }
    return render(request, "authorities/roles.html", context)


def _workplace(person: User, authority: Authority) -> dict[str, object]:
    return {
        "authority": authority,
        "roles": [role.label for role in Role if role in roles_of(person, authority)],
        "delegations": current_roles(person).delegated_at(authority),
        "administers": may(person, MANAGE_AUTHORITY, authority).allowed,
    }

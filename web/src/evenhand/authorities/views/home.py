from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.authorities import todo
from evenhand.authorities.access import anyone, person_of, staff_of
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, Delegation, User
from evenhand.authorities.permissions import ROLE_PERMISSIONS, Permission, delegations_in_force, may
from evenhand.authorities.queries import authorities_of, in_hand, roles_of
from evenhand.authorities.sections import sections_for
from evenhand.authorities.views.lately import lately


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    workplaces = list(authorities_of(person))
    context = {
        "workplaces": [_workplace(person, each) for each in workplaces],
        "todos": todo.waiting_for(person),
        "in_hand": in_hand(person=person),
        "lately": lately(person, workplaces),
        "shows_authority": len(workplaces) > 1,
    }
    return render(request, "authorities/home.html", context)


@staff_of()
@require_safe
def authority(request: HttpRequest, authority: Authority) -> HttpResponse:
    person = person_of(request)
    context = {
        "authority": authority,
        "place": _workplace(person, authority),
        "sections": sections_for(person, authority),
        "todos": todo.waiting_at(authority, person),
        "in_hand": in_hand(person=person, authority=authority),
        "lately": lately(person, [authority]),
    }
    return render(request, "authorities/authority.html", context)


@anyone
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    context = {
        "roles": [(role, [each for each in Permission if each in ROLE_PERMISSIONS[role]]) for role in Role],
        "permissions": [(each.value, [role for role in Role if each in ROLE_PERMISSIONS[role]]) for each in Permission],
        "all_roles": list(Role),
    }
    return render(request, "authorities/roles.html", context)


def _workplace(person: User, authority: Authority) -> dict[str, object]:
    lent: list[Delegation] = list(
        delegations_in_force().filter(receiver=person, authority=authority).select_related("giver")
    )
    return {
        "authority": authority,
        "roles": [role.label for role in Role if role in roles_of(person, authority)],
        "lent": lent,
        "administers": may(person, Permission.MANAGE_AUTHORITY, authority).allowed,
    }

"""The people who work at an authority: the list, and a person's page, roles, unit and access."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from evenhand.authorities import actions, queries
from evenhand.authorities.access import person_of, staff_of
from evenhand.authorities.forms import EndAccessForm, RolesForm, UnitMembershipForm, initial_roles
from evenhand.authorities.models import Authority, GroupRole
from evenhand.authorities.permissions import MANAGE_AUTHORITY, delegations_in_force, may
from evenhand.authorities.queries import Colleague
from evenhand.authorities.views.form_view import Breadcrumb, StaffFormView

LONGEST_SEARCH = 100


@staff_of()
@require_safe
def people(request: HttpRequest, authority: Authority) -> HttpResponse:
    search = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    left = request.GET.get("left") == "1"
    administers = may(person_of(request), MANAGE_AUTHORITY, authority).allowed
    context = {
        "authority": authority,
        "search": search,
        "left": left,
        "administers": administers,
        "people": queries.colleagues(authority, search=search, left=left),
        "delegated_roles": _delegated_roles(authority),
        "invitations": queries.unanswered_invitations(authority) if administers and not left else (),
    }
    return render(request, "authorities/people.html", context)


@staff_of()
@require_safe
def person(request: HttpRequest, authority: Authority, person: UUID) -> HttpResponse:
    user, colleague = person_of(request), _colleague_or_404(authority, person)
    assignments = queries.open_assignments(person=colleague.person, authority=authority)
    context = {
        "authority": authority,
        "colleague": colleague,
        "administers": may(user, MANAGE_AUTHORITY, authority).allowed,
        "is_oneself": colleague.person == user,
        "assignments": queries.visible_assignments(assignments, user, authority),
        "delegations": queries.delegations_of(authority, person=colleague.person),
        "has_units": queries.open_units(authority).exists(),
    }
    return render(request, "authorities/person.html", context)


class ColleagueFormView(StaffFormView):
    """A form about one colleague, which returns to the colleague's page."""

    permission = MANAGE_AUTHORITY

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.colleague = _colleague_or_404(self.authority, kwargs["person"])

    def get_success_url(self) -> str:
        return reverse(
            "authorities:person", kwargs={"authority": self.authority.slug, "person": self.colleague.person.id}
        )

    def get_breadcrumbs(self) -> Sequence[Breadcrumb]:
        people = reverse("authorities:people", kwargs={"authority": self.authority.slug})
        return (Breadcrumb(_("People"), people), Breadcrumb(self.colleague.person.name, self.get_success_url()))


class ChangeRolesView(ColleagueFormView):
    form_class = RolesForm
    introduction = (
        _("If you remove a role, it ends immediately. So does any cover that the person has arranged with it."),
    )
    submit_label = _("Change roles")

    def get_title(self) -> str:
        return gettext("Roles of %(person)s") % {"person": self.colleague.person}

    def get_success_message(self) -> str:
        return gettext("Roles of %(person)s changed") % {"person": self.colleague.person}

    def get_initial(self) -> dict[str, Any]:
        roles = initial_roles(self.colleague)
        return {"roles": roles, "seen": ",".join(roles)}

    def save(self, cleaned_data: dict[str, Any]) -> None:
        actions.change_roles(
            self.authority,
            self.colleague.person,
            by=self.person,
            roles=cleaned_data["roles"],
            seen=cleaned_data["seen"],
            reason=cleaned_data["reason"],
        )


class ChangeUnitMembershipView(ColleagueFormView):
    form_class = UnitMembershipForm
    introduction = (_("This shows colleagues where the person works. Units do not affect access."),)
    submit_label = _("Save unit")

    def get_title(self) -> str:
        return gettext("Unit of %(person)s") % {"person": self.colleague.person}

    def get_success_message(self) -> str:
        return gettext("Unit of %(person)s saved") % {"person": self.colleague.person}

    def get_initial(self) -> dict[str, Any]:
        return {"unit": self.colleague.unit}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"authority": self.authority}

    def save(self, cleaned_data: dict[str, Any]) -> None:
        actions.place(self.authority, self.colleague.person, by=self.person, unit=cleaned_data["unit"])


class EndAccessView(ColleagueFormView):
    form_class = EndAccessForm
    fields_not_kept = ("reason",)  # why somebody leaves
    template_name = "authorities/end_access.html"
    submit_label = _("End access")
    is_destructive = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.colleague.has_left:
            message = gettext("The access of %(person)s has already ended.") % {"person": self.colleague.person}
            messages.info(request, message)
            return redirect(self.get_success_url())
        self.assignments = queries.open_assignments(person=self.colleague.person, authority=self.authority)
        return super().dispatch(request, *args, **kwargs)

    def get_title(self) -> str:
        return gettext("End the access of %(person)s") % {"person": self.colleague.person}

    def get_success_message(self) -> str:
        return gettext("The access of %(person)s has ended") % {"person": self.colleague.person}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "authority": self.authority,
            "leaver": self.colleague.person,
            "has_assignments": self.assignments.exists(),
        }

    def save(self, cleaned_data: dict[str, Any]) -> None:
        actions.end_access(
            self.colleague.person,
            self.authority,
            by=self.person,
            hand_over_to=cleaned_data.get("to"),
            reason=cleaned_data["reason"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.colleague.person
        has_group_roles = any(membership.source for membership in self.colleague.current)
        return super().get_context_data(
            colleague=self.colleague,
            assignments=self.assignments,
            delegations=queries.delegations_of(self.authority, person=person),
            invitations=queries.unanswered_invitations(self.authority).filter(invited_by=person),
            groups=GroupRole.objects.filter(authority=self.authority) if has_group_roles else (),
            **kwargs,
        )


def _colleague_or_404(authority: Authority, person_id: UUID) -> Colleague:
    colleague = queries.colleague(authority, person_id)
    if colleague is None:
        raise Http404
    return colleague


def _delegated_roles(authority: Authority) -> dict[UUID, list[str]]:
    """The roles that people currently hold for a colleague, by the id of the person who holds them."""
    descriptions: dict[UUID, list[str]] = {}
    for delegation in delegations_in_force().filter(authority=authority).select_related("giver"):
        description = gettext("%(role)s, for %(giver)s") % {
            "role": delegation.get_role_display(),
            "giver": delegation.giver,
        }
        descriptions.setdefault(delegation.receiver_id, []).append(description)
    return descriptions

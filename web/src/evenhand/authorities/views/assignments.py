"""Who is assigned which work, and handing it over."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from evenhand.authorities import actions, queries
from evenhand.authorities.access import person_of, staff_of
from evenhand.authorities.forms import HandOverForm
from evenhand.authorities.models import Authority
from evenhand.authorities.permissions import MANAGE_AUTHORITY, may
from evenhand.authorities.views.form_view import StaffFormView


@staff_of()
@require_safe
def assignments(request: HttpRequest, authority: Authority) -> HttpResponse:
    person = person_of(request)
    context = {
        "authority": authority,
        "assignments": queries.visible_assignments(queries.open_assignments(authority=authority), person, authority),
        "administers": may(person, MANAGE_AUTHORITY, authority).allowed,
    }
    return render(request, "authorities/assignments.html", context)


class HandOverView(StaffFormView):
    """For the person to whom the work is assigned, and for administrators."""

    permission = None
    form_class = HandOverForm
    submit_label = _("Hand over")
    success_message = _("Work handed over")
    parent_title = _("Assigned work")
    parent_url_name = "authorities:assignments"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.assignment = get_object_or_404(queries.open_assignments(authority=self.authority), id=kwargs["assignment"])
        if self.assignment.person != self.person:
            may(self.person, MANAGE_AUTHORITY, self.authority).require()

    def get_title(self) -> str:
        return gettext("Hand over “%(title)s”") % {"title": self.assignment.title}

    def get_introduction(self) -> tuple[str]:
        return (gettext("This work is assigned to %(person)s.") % {"person": self.assignment.person},)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"authority": self.authority, "leaver": self.assignment.person}

    def save(self, cleaned_data: dict[str, Any]) -> None:
        actions.hand_over(self.assignment, by=self.person, to=cleaned_data["to"], reason=cleaned_data["reason"])

"""The authority itself: its details, its predecessor bodies and its closure."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from evenhand.authorities import actions
from evenhand.authorities.access import staff_of
from evenhand.authorities.enums import Kind
from evenhand.authorities.forms import AuthorityDetailsForm, CloseAuthorityForm, SuccessionForm
from evenhand.authorities.models import Authority
from evenhand.authorities.permissions import MANAGE_AUTHORITY
from evenhand.authorities.queries import predecessors, successors
from evenhand.authorities.views.form_view import StaffFormView


@staff_of(MANAGE_AUTHORITY)
@require_safe
def settings(request: HttpRequest, authority: Authority) -> HttpResponse:
    context = {
        "authority": authority,
        "predecessors": predecessors(authority),
        "successors": successors(authority),
    }
    return render(request, "authorities/settings.html", context)


class DetailsView(StaffFormView):
    permission = MANAGE_AUTHORITY
    form_class = AuthorityDetailsForm
    title = _("Details of the authority")
    introduction = (_("Changes appear on the public page immediately."),)
    submit_label = _("Save details")
    success_message = _("Details saved")
    parent_title = _("Authority details")
    parent_url_name = "authorities:settings"

    def get_initial(self) -> dict[str, Any]:
        return AuthorityDetailsForm.initial_for(self.authority)

    def save(self, cleaned_data: dict[str, Any]) -> None:
        actions.change_details(self.authority, by=self.person, **(cleaned_data | {"kind": Kind(cleaned_data["kind"])}))


class RecordSuccessionView(StaffFormView):
    permission = MANAGE_AUTHORITY
    form_class = SuccessionForm
    title = _("Record a predecessor body")
    introduction = (
        _("The public page will say which body published the earlier figures, and what cannot be compared."),
        _("If you are not an administrator of the predecessor body, ask the people who run the server."),
    )
    submit_label = _("Record")
    success_message = _("Predecessor recorded. It is shown on the public page.")
    parent_title = _("Authority details")
    parent_url_name = "authorities:settings"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"authority": self.authority, "person": self.person}

    def save(self, cleaned_data: dict[str, Any]) -> None:
        actions.record_succession(
            cleaned_data["predecessor"],
            self.authority,
            by=self.person,
            on=cleaned_data["on"],
            breaks=cleaned_data["breaks"],
        )


class CloseAuthorityView(StaffFormView):
    permission = MANAGE_AUTHORITY
    form_class = CloseAuthorityForm
    title = _("Close the authority")
    introduction = (
        _("From that date no one can write plans, upload figures or publish, and no one can be invited."),
        _("Everything that has been published stays online. Staff can still read it until their access ends."),
        _("You can change the date until it arrives. After that, you cannot undo it."),
    )
    submit_label = _("Close the authority")
    success_message = _("Closing date set")
    is_destructive = True
    parent_title = _("Authority details")
    parent_url_name = "authorities:settings"

    def get_initial(self) -> dict[str, Any]:
        return {"on": self.authority.closed_on}

    def save(self, cleaned_data: dict[str, Any]) -> None:
        actions.close(self.authority, by=self.person, **cleaned_data)

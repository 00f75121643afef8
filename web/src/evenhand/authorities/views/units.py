"""The units of an authority: its directorates, services and teams."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from evenhand.authorities import actions
from evenhand.authorities.access import person_of, staff_of
from evenhand.authorities.forms import ReasonForm, UnitForm
from evenhand.authorities.models import Authority, Unit
from evenhand.authorities.permissions import MANAGE_AUTHORITY, may
from evenhand.authorities.queries import tree
from evenhand.authorities.views.form_view import StaffFormView


@staff_of()
@require_safe
def units(request: HttpRequest, authority: Authority) -> HttpResponse:
    administers = may(person_of(request), MANAGE_AUTHORITY, authority).allowed
    context = {"authority": authority, "branches": tree(authority), "administers": administers}
    return render(request, "authorities/units.html", context)


class AddUnitView(StaffFormView):
    permission = MANAGE_AUTHORITY
    form_class = UnitForm
    title = _("Add a unit")
    introduction = (_("A unit is a directorate, a service or a team."),)
    submit_label = _("Add unit")
    success_message = _("Unit added")
    parent_title = _("Units")
    parent_url_name = "authorities:units"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"authority": self.authority}

    def save(self, cleaned_data: dict[str, Any]) -> None:
        actions.add_unit(self.authority, by=self.person, **cleaned_data)


class ChangeUnitView(StaffFormView):
    permission = MANAGE_AUTHORITY
    form_class = UnitForm
    submit_label = _("Save unit")
    success_message = _("Unit saved")
    parent_title = _("Units")
    parent_url_name = "authorities:units"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.unit = _open_unit_or_404(self.authority, kwargs["unit"])

    def get_title(self) -> str:
        return gettext("Change %(unit)s") % {"unit": self.unit.name}

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.unit.name, "parent": self.unit.parent}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"authority": self.authority, "exclude": self.unit}

    def save(self, cleaned_data: dict[str, Any]) -> None:
        with transaction.atomic():
            if cleaned_data["name"] != self.unit.name:
                actions.rename_unit(self.unit, by=self.person, name=cleaned_data["name"])
            if cleaned_data["parent"] != self.unit.parent:
                actions.move_unit(self.unit, by=self.person, parent=cleaned_data["parent"])


class CloseUnitView(StaffFormView):
    permission = MANAGE_AUTHORITY
    form_class = ReasonForm
    introduction = (
        _("People in this unit keep their roles. They will not be in any unit until you choose a new one for them."),
        _("You cannot reopen a closed unit, but you can add a new one with the same name."),
    )
    submit_label = _("Close unit")
    success_message = _("Unit closed")
    is_destructive = True
    parent_title = _("Units")
    parent_url_name = "authorities:units"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.unit = _open_unit_or_404(self.authority, kwargs["unit"])

    def get_title(self) -> str:
        return gettext("Close %(unit)s") % {"unit": self.unit.name}

    def save(self, cleaned_data: dict[str, Any]) -> None:
        actions.close_unit(self.unit, by=self.person, reason=cleaned_data["reason"])


def _open_unit_or_404(authority: Authority, unit_id: UUID) -> Unit:
    units = Unit.objects.select_related("authority", "parent")
    return get_object_or_404(units, id=unit_id, authority=authority, closed_on=None)

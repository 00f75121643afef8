"""Roles that groups of a sign-in service give."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evenhand.authorities import actions
from evenhand.authorities.enums import Role
from evenhand.authorities.forms import ConfirmForm, GroupRoleForm, provider_choices
from evenhand.authorities.models import GroupRole
from evenhand.authorities.permissions import MANAGE_AUTHORITY
from evenhand.authorities.views.form_view import StaffFormView


class GroupRolesView(StaffFormView):
    permission = MANAGE_AUTHORITY
    form_class = GroupRoleForm
    template_name = "authorities/groups.html"
    success_message = _("Group added. Its members get the role when they next sign in.")
    parent_title = _("Roles by group")
    parent_url_name = "authorities:groups"

    def save(self, cleaned_data: dict[str, Any]) -> None:
        actions.map_group(self.authority, by=self.person, **(cleaned_data | {"role": Role(cleaned_data["role"])}))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        provider_names = dict(provider_choices())
        mappings = [
            (mapping, provider_names.get(mapping.provider, mapping.provider))
            for mapping in GroupRole.objects.filter(authority=self.authority)
        ]
        return super().get_context_data(mappings=mappings, has_provider=bool(provider_names), **kwargs)


class RemoveGroupRoleView(StaffFormView):
    permission = MANAGE_AUTHORITY
    form_class = ConfirmForm
    introduction = (_("People who have the role only through this group lose it when they next sign in."),)
    submit_label = _("Remove")
    success_message = _("Group removed")
    is_destructive = True
    parent_title = _("Roles by group")
    parent_url_name = "authorities:groups"
    mapping: GroupRole

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        mappings = GroupRole.objects.select_related("authority")
        mapping = mappings.filter(id=kwargs["mapping"], authority=self.authority).first()
        if mapping is None:
            messages.info(request, gettext("This group has already been removed."))
            return redirect(self.get_success_url())
        self.mapping = mapping
        return super().dispatch(request, *args, **kwargs)

    def get_title(self) -> str:
        return gettext("Stop %(group)s giving the %(role)s role") % {
            "group": self.mapping.group,
            "role": self.mapping.get_role_display(),
        }

    def save(self, cleaned_data: dict[str, Any]) -> None:
        actions.unmap_group(self.mapping, by=self.person)

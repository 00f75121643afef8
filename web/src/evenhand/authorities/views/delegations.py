"""Cover for absence: staff delegate a role to a colleague for a few days."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from evenhand.authorities import actions
from evenhand.authorities.access import person_of, staff_of
from evenhand.authorities.enums import Role
from evenhand.authorities.forms import DelegationForm, ReasonForm
from evenhand.authorities.models import Authority, Delegation
from evenhand.authorities.permissions import MANAGE_AUTHORITY, may
from evenhand.authorities.queries import delegations_of
from evenhand.authorities.views.form_view import StaffFormView


@staff_of()
@require_safe
def delegations(request: HttpRequest, authority: Authority) -> HttpResponse:
    """A person's own delegations; everybody's for an administrator."""
    person = person_of(request)
    administers = may(person, MANAGE_AUTHORITY, authority).allowed
    context = {
        "authority": authority,
        "administers": administers,
        "delegations": delegations_of(authority, person=None if administers else person),
    }
    return render(request, "authorities/delegations.html", context)


class DelegateView(StaffFormView):
    permission = None
    form_class = DelegationForm
    fields_not_kept = ("reason",)  # why somebody is away
    title = _("Arrange cover for your absence")
    introduction = (
        _("On the days that you choose, your colleague can do what your role allows. You keep the role as well."),
        _("What they do is recorded under their name, on your behalf. They cannot delegate the role to anyone else."),
    )
    submit_label = _("Arrange cover")
    success_message = _("Cover arranged")
    parent_title = _("Cover for absence")
    parent_url_name = "authorities:delegations"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"authority": self.authority, "giver": self.person}

    def save(self, cleaned_data: dict[str, Any]) -> None:
        actions.delegate(self.authority, by=self.person, **(cleaned_data | {"role": Role(cleaned_data["role"])}))


class EndDelegationView(StaffFormView):
    """For the giver, the receiver and administrators."""

    permission = None
    form_class = ReasonForm
    submit_label = _("End cover now")
    success_message = _("Cover ended")
    is_destructive = True
    parent_title = _("Cover for absence")
    parent_url_name = "authorities:delegations"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.delegation = get_object_or_404(
            Delegation.objects.select_related("authority", "giver", "receiver"),
            id=kwargs["delegation"],
            authority=self.authority,
        )
        if self.person not in (self.delegation.giver, self.delegation.receiver):
            may(self.person, MANAGE_AUTHORITY, self.authority).require()

    def get_title(self) -> str:
        return gettext("End cover by %(receiver)s for %(giver)s") % {
            "receiver": self.delegation.receiver,
            "giver": self.delegation.giver,
        }

    def save(self, cleaned_data: dict[str, Any]) -> None:
        actions.end_delegation(self.delegation, by=self.person, reason=cleaned_data["reason"])

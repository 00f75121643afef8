"""Inviting colleagues, and sending an invitation again or withdrawing it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from evenhand.authorities import actions
from evenhand.authorities.access import person_of, staff_of
from evenhand.authorities.errors import NotPossible
from evenhand.authorities.forms import ConfirmForm, InvitationForm
from evenhand.authorities.models import Authority, Invitation
from evenhand.authorities.permissions import MANAGE_AUTHORITY
from evenhand.authorities.views.form_view import StaffFormView
from evenhand.notifications import mail_status


class InviteView(StaffFormView):
    permission = MANAGE_AUTHORITY
    form_class = InvitationForm
    title = _("Invite a colleague")
    submit_label = _("Send invitation")
    parent_title = _("People")
    parent_url_name = "authorities:people"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"authority": self.authority}

    def get_introduction(self) -> tuple[str, ...]:
        link = gettext("They use a link that works once, within seven days, to choose how to sign in.")
        how = gettext("We will email it to them.") if mail_status.is_sent() else mail_status.not_sent_note()
        return (f"{link} {how}", gettext("You can invite someone who has left in the same way."))

    def get_success_message(self) -> str:
        note = mail_status.not_sent_note()
        return gettext("Invitation created. %(note)s") % {"note": note} if note else gettext("Invitation sent")

    def save(self, cleaned_data: dict[str, Any]) -> None:
        actions.invite(self.authority, by=self.person, **cleaned_data)


@staff_of(MANAGE_AUTHORITY)
@require_POST
def send_again(request: HttpRequest, authority: Authority, invitation: UUID) -> HttpResponse:
    try:
        actions.send_again(_invitation_or_404(authority, invitation), by=person_of(request))
        if note := mail_status.not_sent_note():
            message = gettext("A new link was created, and the old link no longer works. %(note)s") % {"note": note}
        else:
            message = gettext("Invitation sent again with a new link. The old link no longer works.")
        messages.success(request, message)
    except NotPossible as reason:
        messages.error(request, str(reason))
    return redirect("authorities:people", authority=authority.slug)


class WithdrawInvitationView(StaffFormView):
    permission = MANAGE_AUTHORITY
    form_class = ConfirmForm
    introduction = (_("The link in the email will stop working. You can invite the person again later."),)
    submit_label = _("Withdraw invitation")
    success_message = _("Invitation withdrawn")
    is_destructive = True
    parent_title = _("People")
    parent_url_name = "authorities:people"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.invitation = _invitation_or_404(self.authority, kwargs["invitation"])

    def get_title(self) -> str:
        return gettext("Withdraw the invitation to %(person)s") % {"person": self.invitation.name}

    def save(self, cleaned_data: dict[str, Any]) -> None:
        actions.withdraw(self.invitation, by=self.person)


def _invitation_or_404(authority: Authority, invitation_id: UUID) -> Invitation:
    return get_object_or_404(Invitation.objects.select_related("authority"), id=invitation_id, authority=authority)

"""Stopping, restarting and extending the time limit of a request."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evenhand.authorities.views.form_view import Breadcrumb, StaffFormView
from evenhand.clock.enums import PauseReason
from evenhand.privacy import actions, forms, queries
from evenhand.privacy.models import Request
from evenhand.privacy.permissions import ANSWER_REQUESTS


class RequestFormView(StaffFormView):
    """A form about one request, which returns to its page."""

    permission = ANSWER_REQUESTS
    data_request: Request

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.data_request = queries.request_or_404(self.authority, kwargs["request_id"])

    def get_success_url(self) -> str:
        return reverse("privacy:request", args=[self.authority.slug, self.data_request.id])

    def get_breadcrumbs(self) -> tuple[Breadcrumb, ...]:
        requests_url = reverse("privacy:requests", args=[self.authority.slug])
        return (
            Breadcrumb(_("Requests about personal data"), requests_url),
            Breadcrumb(self.data_request.heading, self.get_success_url()),
        )


class StopClockView(RequestFormView):
    form_class = forms.StopClockForm
    title = _("Stop the clock")
    introduction = (
        _("The time limit stops today, and restarts on the day on which you record that the person has replied."),
        _("Do this on the day on which you ask the person. It cannot be dated back."),
    )
    submit_label = _("Stop the clock")
    success_message = _("Clock stopped")

    def save(self, cleaned_data: dict[str, Any]) -> None:
        actions.stop_clock(self.data_request, by=self.person, reason=PauseReason(cleaned_data["reason"]))


class RestartClockView(RequestFormView):
    form_class = forms.RestartClockForm
    title = _("Restart the clock")
    introduction = (_("The person has replied. The time limit runs again from today."),)
    submit_label = _("Restart the clock")
    success_message = _("Clock restarted")

    def save(self, cleaned_data: dict[str, Any]) -> None:
        actions.restart_clock(self.data_request, by=self.person)


class ExtendView(RequestFormView):
    form_class = forms.ExtendForm
    fields_not_kept = ("reason",)  # why a request takes longer may say something about the person
    title = _("Extend the time limit")
    introduction = (
        _("You can extend the time limit by two months, once, if a request is complex or one of several."),
        _("You must tell the person, and give the reason, within one month of receiving the request."),
    )
    submit_label = _("Extend by two months")
    success_message = _("Time limit extended. You must tell the person yourself.")

    def save(self, cleaned_data: dict[str, Any]) -> None:
        actions.extend(self.data_request, by=self.person, reason=cleaned_data["reason"])

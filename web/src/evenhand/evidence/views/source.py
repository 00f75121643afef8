"""Stating the publisher and licence of figures that were uploaded without them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from evenhand.authorities.views.form_view import StaffFormView
from evenhand.evidence import queries
from evenhand.evidence.actions import describe
from evenhand.evidence.forms import SourceForm
from evenhand.evidence.models import Dataset
from evenhand.evidence.permissions import IMPORT_EVIDENCE


class SourceView(StaffFormView):
    permission = IMPORT_EVIDENCE
    form_class = SourceForm
    title = _("State the source of the figures")
    introduction = (
        _("Every publication names the publisher and the licence of its figures. Once stated, they can’t be changed."),
    )
    submit_label = _("Save")
    success_message = _("The source of the figures has been saved.")
    parent_title = _("Figures")
    parent_url_name = "evidence:figures"
    dataset: Dataset

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        dataset = queries.dataset_of(self.authority, kwargs["dataset"])
        if dataset is None:
            raise Http404
        self.dataset = dataset
        if not SourceForm(dataset=dataset).fields:
            messages.info(request, _("The source of these figures has already been stated."))
            return redirect(self.get_success_url())
        response = super().dispatch(request, *args, **kwargs)
        assert isinstance(response, HttpResponse)
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "dataset": self.dataset}

    def save(self, cleaned_data: dict[str, Any]) -> None:
        describe(self.dataset, by=self.person, **cleaned_data)

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from evenhand.authorities.access import bound_data, not_kept, person_of
from evenhand.privacy import actions, forms, queries, report_files
from evenhand.privacy.enums import RequestKind
from evenhand.privacy.subject_access import personal_data_of
from evenhand.privacy.views.downloads import zip_response


@never_cache
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    context = {"report": personal_data_of(person), "own_requests": queries.own_requests(person)}
    return render(request, "privacy/my_data.html", context)


@never_cache
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    return zip_response(report_files.to_zip(personal_data_of(person_of(request))))


@not_kept("note")
@require_http_methods(["GET", "HEAD", "POST"])
def make_request(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = forms.MakeRequestForm(person, bound_data(request))
    if form.is_valid():
        data_request = actions.receive(
            form.cleaned_data["authority"],
            by=person,
            person=person,
            kind=RequestKind(form.cleaned_data["kind"]),
            received_on=timezone.localdate(),
            note=form.cleaned_data["note"],
        )
        assert data_request.due_on is not None
        day = date_format(data_request.due_on, "j F Y")
        messages.success(request, gettext("Request sent. You will get an answer by %(day)s.") % {"day": day})
        return redirect("privacy:my_data")
    context = {"form": form, "has_authorities": queries.authorities_of(person).exists()}
    return render(request, "privacy/make_request.html", context)

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from evenhand.authorities.access import bound_data, not_kept, person_of, staff_of
from evenhand.authorities.errors import NotPossible
from evenhand.authorities.models import Authority
from evenhand.privacy import actions, deadlines, erasing, forms, queries, report_files
from evenhand.privacy.enums import Outcome, RequestKind
from evenhand.privacy.permissions import ANSWER_REQUESTS
from evenhand.privacy.views.downloads import zip_response

may_answer_requests = staff_of(ANSWER_REQUESTS)


@may_answer_requests
@require_safe
def request_list(request: HttpRequest, authority: Authority) -> HttpResponse:
    today = timezone.localdate()
    open_requests = [
        (data_request, data_request.is_overdue(today)) for data_request in queries.open_requests(authority)
    ]
    context = {
        "authority": authority,
        "open_requests": open_requests,
        "closed_requests": queries.requests(authority).exclude(closed_at=None).order_by("-closed_at"),
        "overdue": sum(is_overdue for _data_request, is_overdue in open_requests),
    }
    return render(request, "privacy/requests.html", context)


@not_kept("note")
@may_answer_requests
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: HttpRequest, authority: Authority) -> HttpResponse:
    form = forms.RecordRequestForm(authority, bound_data(request))
    if form.is_valid():
        values = form.cleaned_data | {"kind": RequestKind(form.cleaned_data["kind"])}
        try:
            data_request = actions.receive(authority, by=person_of(request), **values)
        except NotPossible as error:
            form.add_error("received_on", str(error))
        else:
            messages.success(request, gettext("Request recorded."))
            return redirect("privacy:request", authority=authority.slug, request_id=data_request.id)
    return render(request, "privacy/record_request.html", {"authority": authority, "form": form})


@may_answer_requests
@require_safe
def request_detail(request: HttpRequest, authority: Authority, request_id: UUID) -> HttpResponse:
    data_request = queries.request_or_404(authority, request_id)
    context = {
        "authority": authority,
        "data_request": data_request,
        "is_overdue": data_request.is_overdue(timezone.localdate()),
        "due": deadlines.due_date_of_request(data_request),
        "is_erased": erasing.is_erased(data_request.person),
    }
    return render(request, "privacy/request.html", context)


@never_cache
@may_answer_requests
@require_safe
def data(request: HttpRequest, authority: Authority, request_id: UUID) -> HttpResponse:
    data_request = queries.request_or_404(authority, request_id)
    report = actions.look_up(data_request, by=person_of(request))
    context = {"authority": authority, "data_request": data_request, "report": report}
    return render(request, "privacy/data.html", context)


@never_cache
@may_answer_requests
@require_safe
def download(request: HttpRequest, authority: Authority, request_id: UUID) -> HttpResponse:
    data_request = queries.request_or_404(authority, request_id)
    return zip_response(report_files.to_zip(actions.look_up(data_request, by=person_of(request))))


@not_kept("answer")
@may_answer_requests
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, authority: Authority, request_id: UUID) -> HttpResponse:
    data_request = queries.request_or_404(authority, request_id)
    form = forms.CloseRequestForm(bound_data(request))
    if form.is_valid():
        outcome, answer = Outcome(form.cleaned_data["outcome"]), form.cleaned_data["answer"]
        try:
            actions.close(data_request, by=person_of(request), outcome=outcome, answer=answer)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("Request closed. You must send the answer to the person yourself."))
            return redirect("privacy:request", authority=authority.slug, request_id=data_request.id)
    context = {"authority": authority, "data_request": data_request, "form": form}
    return render(request, "privacy/close.html", context)

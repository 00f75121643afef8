from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from evenhand.authorities.access import person_of, sent, staff_of
from evenhand.authorities.models import Authority
from evenhand.authorities.permissions import Permission
from evenhand.privacy import actions, erasing, forms, paper, queries
from evenhand.privacy.enums import Outcome, RequestKind
from evenhand.privacy.views.own import attached

answering = staff_of(Permission.ANSWER_REQUESTS)


@answering
@require_safe
def all_of_them(request: HttpRequest, authority: Authority) -> HttpResponse:
    today = timezone.localdate()
    rows = [(each, each.is_overdue(today)) for each in queries.open_requests(authority)]
    closed = queries.requests(authority).exclude(closed_at=None).order_by("-closed_at")
    context = {"authority": authority, "open": rows, "closed": closed, "overdue": sum(late for _each, late in rows)}
    return render(request, "privacy/requests.html", context)


@answering
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: HttpRequest, authority: Authority) -> HttpResponse:
    form = forms.Receive(authority, sent(request))
    if form.is_valid():
        given = form.cleaned_data | {"kind": RequestKind(form.cleaned_data["kind"])}
        try:
            made = actions.receive(authority, by=person_of(request), **given)
        except actions.CannotAnswer as refused:
            form.add_error("received_on", str(refused))
        else:
            messages.success(request, gettext("Written down. Its clock runs."))
            return redirect("privacy:request", authority=authority.slug, request_id=made.id)
    return render(request, "privacy/receive.html", {"authority": authority, "form": form})


@answering
@require_safe
def request(request: HttpRequest, authority: Authority, request_id: UUID) -> HttpResponse:
    asked = queries.request_or_404(authority, request_id)
    context = {
        "authority": authority,
        "asked": asked,
        "late": asked.is_overdue(timezone.localdate()),
        "is_erased": erasing.is_erased(asked.person),
    }
    return render(request, "privacy/request.html", context)


@never_cache
@answering
@require_safe
def data(request: HttpRequest, authority: Authority, request_id: UUID) -> HttpResponse:
    asked = queries.request_or_404(authority, request_id)
    answer = actions.look_up(asked, by=person_of(request))
    return render(request, "privacy/data.html", {"authority": authority, "asked": asked, "answer": answer})


@never_cache
@answering
@require_safe
def file(request: HttpRequest, authority: Authority, request_id: UUID) -> HttpResponse:
    asked = queries.request_or_404(authority, request_id)
    return attached(paper.archive(actions.look_up(asked, by=person_of(request))))


@answering
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, authority: Authority, request_id: UUID) -> HttpResponse:
    asked = queries.request_or_404(authority, request_id)
    form = forms.Close(sent(request))
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.close(asked, by=person_of(request), outcome=Outcome(given["outcome"]), answer=given["answer"])
        except actions.CannotAnswer as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, gettext("Closed. The person has their answer from you, not from this system."))
            return redirect("privacy:request", authority=authority.slug, request_id=asked.id)
    return render(request, "privacy/close.html", {"authority": authority, "asked": asked, "form": form})

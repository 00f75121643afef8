from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from evenhand.authorities.access import bound_data, not_kept, person_of, staff_of
from evenhand.authorities.errors import NotPossible
from evenhand.authorities.models import Authority
from evenhand.privacy import actions, forms, queries
from evenhand.privacy.permissions import ANSWER_REQUESTS

may_answer_requests = staff_of(ANSWER_REQUESTS)


@not_kept("number")
@may_answer_requests
@require_http_methods(["GET", "HEAD", "POST"])
def objections(request: HttpRequest, authority: Authority) -> HttpResponse:
    form = forms.StaffNumberForm(bound_data(request))
    if form.is_valid():
        actions.object_to_analysis(authority, by=person_of(request), number=form.cleaned_data["number"])
        messages.success(request, gettext("Objection recorded."))
        return redirect("privacy:objections", authority=authority.slug)
    context = {"authority": authority, "form": form, "number": len(queries.objectors(authority))}
    return render(request, "privacy/objections.html", context)


@not_kept("number")
@may_answer_requests
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_objection(request: HttpRequest, authority: Authority) -> HttpResponse:
    form = forms.StaffNumberForm(bound_data(request))
    if form.is_valid():
        try:
            actions.withdraw_objection(authority, by=person_of(request), number=form.cleaned_data["number"])
        except NotPossible as error:
            form.add_error("number", str(error))
        else:
            messages.success(request, gettext("Objection withdrawn."))
            return redirect("privacy:objections", authority=authority.slug)
    return render(request, "privacy/objection_end.html", {"authority": authority, "form": form})

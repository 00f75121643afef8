from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from evenhand.authorities.access import person_of, sent, staff_of
from evenhand.authorities.models import Authority
from evenhand.authorities.permissions import Permission
from evenhand.privacy import actions, forms, queries

answering = staff_of(Permission.ANSWER_REQUESTS)


@answering
@require_http_methods(["GET", "HEAD", "POST"])
def objections(request: HttpRequest, authority: Authority) -> HttpResponse:
    form = forms.Number(sent(request))
    if form.is_valid():
        actions.object_to_analysis(authority, by=person_of(request), number=form.cleaned_data["number"])
        messages.success(request, gettext("Kept: this person objects."))
        return redirect("privacy:objections", authority=authority.slug)
    context = {"authority": authority, "form": form, "number": len(queries.objectors(authority))}
    return render(request, "privacy/objections.html", context)


@answering
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, authority: Authority) -> HttpResponse:
    form = forms.Number(sent(request))
    if form.is_valid():
        try:
            actions.withdraw_objection(authority, by=person_of(request), number=form.cleaned_data["number"])
        except actions.CannotAnswer as refused:
            form.add_error("number", str(refused))
        else:
            messages.success(request, gettext("The objection is ended."))
            return redirect("privacy:objections", authority=authority.slug)
    return render(request, "privacy/objection_end.html", {"authority": authority, "form": form})

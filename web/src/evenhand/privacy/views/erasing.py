from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from evenhand.authorities.access import bound_data, not_kept, person_of, staff_of
from evenhand.authorities.errors import NotPossible
from evenhand.authorities.models import Authority
from evenhand.privacy import actions, erasing, forms, queries
from evenhand.privacy.enums import Outcome
from evenhand.privacy.permissions import ANSWER_REQUESTS


@not_kept("name", "reason")
@never_cache
@staff_of(ANSWER_REQUESTS)
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, authority: Authority, request_id: UUID) -> HttpResponse:
    """Preview what would be erased and kept, and erase the person once their name has been typed."""
    erasure_request = queries.request_or_404(authority, request_id)
    person = erasure_request.person
    obstacle = erasing.obstacle_to_erasure(person, authority)
    form = forms.ErasePersonForm(person, bound_data(request))
    if form.is_valid() and not obstacle:
        try:
            erasure = actions.erase(
                person, by=person_of(request), reason=form.cleaned_data["reason"], authority=authority
            )
        except NotPossible as error:
            form.add_error("reason", str(error))
        else:
            if not erasure_request.closed_at:
                actions.close(erasure_request, by=person_of(request), outcome=Outcome.DONE, answer="")
            erasure.refresh_from_db()
            messages.success(request, gettext("Person erased. The record of what they did is kept under a random id."))
            if erasure.wiped_at is None:
                messages.warning(
                    request,
                    gettext(
                        "The free space of the database has not been overwritten yet, because the database was busy. "
                        "This will be done tonight."
                    ),
                )
            return redirect("privacy:request", authority=authority.slug, request_id=erasure_request.id)
    context = {
        "authority": authority,
        "erasure_request": erasure_request,
        "form": form,
        "obstacle": obstacle,
        "preview": None if obstacle else erasing.preview(person, erasing.identifiers_of(person)),
        "why_mentions_remain": erasing.WHY_MENTIONS_REMAIN,
    }
    return render(request, "privacy/erase.html", context)

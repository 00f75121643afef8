from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from evenhand.authorities.access import person_of, sent, staff_of
from evenhand.authorities.models import Authority
from evenhand.authorities.permissions import Permission
from evenhand.privacy import actions, erasing, forms, queries
from evenhand.privacy.enums import Outcome


@never_cache
@staff_of(Permission.ANSWER_REQUESTS)
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, authority: Authority, request_id: UUID) -> HttpResponse:
    """What would go and what would stay; and, once the name is typed, the erasure."""
    asked = queries.request_or_404(authority, request_id)
    refusal = erasing.why_not(asked.person, authority)
    form = forms.Erase(asked.person, sent(request))
    if form.is_valid() and not refusal:
        try:
            erasure = actions.erase(
                asked.person, by=person_of(request), reason=form.cleaned_data["reason"], authority=authority
            )
        except actions.CannotAnswer as refused:
            form.add_error("reason", str(refused))
        else:
            if not asked.closed_at:
                actions.close(asked, by=person_of(request), outcome=Outcome.DONE, answer="")
            erasure.refresh_from_db()
            messages.success(request, gettext("Erased. What the person did stays, under an id that leads to nobody."))
            if erasure.wiped_at is None:
                messages.warning(request, gettext("The database was too busy to be cleaned. It is done in the night."))
            return redirect("privacy:request", authority=authority.slug, request_id=asked.id)
    told = None if refusal else erasing.preview(asked.person, erasing.traces_of(asked.person))
    context = {"authority": authority, "asked": asked, "form": form, "refusal": refusal, "told": told}
    return render(request, "privacy/erase.html", context | {"why_it_stays": erasing.WHY_IT_STAYS})

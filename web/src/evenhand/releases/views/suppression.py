"""What is hidden in a publication, why, how much, and the alternatives: for the people who decide on it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.authorities.access import person_of, staff_of
from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import SEE_DRAFTS, may
from evenhand.ledger.access_log import log_access
from evenhand.ledger.subjects import Subject
from evenhand.releases import queries, screens
from evenhand.releases.certificate_words import attacker_summaries
from evenhand.releases.enums import ReleaseState
from evenhand.releases.models import Release
from evenhand.releases.permissions import PREPARE_RELEASE
from evenhand.releases.views.lookups import get_release_or_404
from evenstat.disclosure import SUPPRESSION_POLICIES, policy


@require_safe
@staff_of(SEE_DRAFTS)
def hidden(request: HttpRequest, authority: Authority, release: str) -> HttpResponse:
    person = person_of(request)
    publication = get_release_or_404(authority, release, by=person)
    context = {
        "authority": authority,
        "release": publication,
        "policy": policy(publication.policy),
        **suppression_context(publication, by=person),
    }
    if context["alternatives"]:
        log_access(
            person, Subject(queries.SUBJECT_KIND, publication.id, authority.id), "the people that other options hide"
        )
        context["shows_people"] = True
    return render(request, "releases/hidden.html", context)


def suppression_context(release: Release, *, by: User) -> dict[str, object]:
    """What is hidden, for everyone who may see the draft. Reasons and alternatives need permission.

    None of it is an unprotected figure, except the numbers of people that the alternatives would hide: they are
    calculated from the true counts. Only a view that shows them sets `shows_people`, and it logs the access.
    """
    with_reasons = screens.may_see_reasons(by, release.authority).allowed
    unpublished = release.state != ReleaseState.PUBLISHED
    certificate = queries.certificate_of(release)
    return {
        "summaries": screens.suppression_summaries(release, with_reasons=with_reasons),
        "with_reasons": with_reasons,
        "alternatives": screens.characteristic_alternatives(release) if with_reasons else (),
        "certificate": certificate,
        "attackers": attacker_summaries(certificate) if certificate else (),
        "other_policies": [other for other in SUPPRESSION_POLICIES if other.id != release.policy],
        "may_draft": unpublished and may(by, PREPARE_RELEASE, release.authority).allowed,
        "years": sorted({table.snapshot.year for table in release.tables.select_related("snapshot")}),
    }

"""What is hidden of a publication, why, at what loss, and what other ways there are: for those who decide."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.authorities.access import person_of, staff_of
from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Permission, may
from evenhand.ledger.looks import note_look
from evenhand.ledger.subjects import Subject
from evenhand.releases import queries, screens
from evenhand.releases.certificate_words import readers
from evenhand.releases.enums import State
from evenhand.releases.models import Release
from evenhand.releases.views.found import publication_or_404
from evenstat.disclosure import HIDING, policy


@require_safe
@staff_of(Permission.SEE_DRAFTS)
def hidden(request: HttpRequest, authority: Authority, release: str) -> HttpResponse:
    found = publication_or_404(authority, release, by=person_of(request))
    context = {
        "authority": authority,
        "release": found,
        "policy": policy(found.policy),
        **shown(found, by=person_of(request)),
    }
    return render(request, "releases/hidden.html", context)


def shown(found: Release, *, by: User) -> dict[str, object]:
    """What is hidden, for everyone who sees the draft. Why, and other ways, for those who may know: it is recorded."""
    why = screens.may_know_why(by, found.authority).allowed
    if why and found.state != State.DRAFT:
        note_look(by, Subject(queries.KIND, found.id, found.authority_id), "what is hidden and why")
    unpublished = found.state != State.PUBLISHED
    certificate = queries.certificate_of(found)
    return {
        "losses": screens.losses(found, why=why),
        "why": why,
        "compared": screens.compared(found) if why else (),
        "certificate": certificate,
        "readers": readers(certificate) if certificate else (),
        "choosable": [each for each in HIDING if each.id != found.policy],
        "may_choose": unpublished and may(by, Permission.PREPARE_RELEASE, found.authority).allowed,
        "years": sorted({table.snapshot.year for table in found.tables.select_related("snapshot")}),
    }

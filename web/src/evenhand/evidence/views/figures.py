from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.authorities.access import person_of, staff_of
from evenhand.authorities.models import Authority
from evenhand.authorities.permissions import Permission, may
from evenhand.evidence import queries
from evenhand.evidence.models import Snapshot
from evenstat.errors import UnknownStandard
from evenstat.standards import standard


@require_safe
@staff_of(Permission.SEE_DRAFTS)
def figures(request: HttpRequest, authority: Authority) -> HttpResponse:
    """What is held, from when and by whom; no figure."""
    person = person_of(request)
    context = {
        "authority": authority,
        "datasets": queries.datasets(authority),
        "may_take_in": may(person, Permission.IMPORT_EVIDENCE, authority).allowed,
        "sees_unprotected": may(person, Permission.SEE_UNPROTECTED, authority).allowed,
    }
    return render(request, "evidence/figures.html", context)


@require_safe
@staff_of(Permission.SEE_UNPROTECTED)
def snapshot(request: HttpRequest, authority: Authority, dataset: str, year: int) -> HttpResponse:
    """The tables of a year, to choose from: a table is looked at by itself, so that the record can say which."""
    found = _snapshot_or_404(authority, dataset, year)
    names = [(each, standard(each).name) for each in queries.characteristics_of(found)]
    return render(request, "evidence/snapshot.html", {"authority": authority, "snapshot": found, "tables": names})


@require_safe
@staff_of(Permission.SEE_UNPROTECTED)
def unprotected(
    request: HttpRequest, authority: Authority, dataset: str, year: int, characteristic: str
) -> HttpResponse:
    found = _snapshot_or_404(authority, dataset, year)
    try:
        known = standard(characteristic)
    except UnknownStandard as unknown:
        raise Http404 from unknown
    if known.id not in queries.characteristics_of(found):
        raise Http404
    table = queries.look_at(found, known.id, by=person_of(request))
    context = {
        "authority": authority,
        "snapshot": found,
        "known": known,
        "answered": [(known.label(cell.code), cell.count) for cell in table.counts.answered],
        "not_known": [(known.label(cell.code), cell.count) for cell in table.counts.not_known],
        "not_given": [known.label(code) for code in table.not_given],
    }
    return render(request, "evidence/unprotected.html", context)


def _snapshot_or_404(authority: Authority, dataset: str, year: int) -> Snapshot:
    found = queries.snapshot_of(authority, dataset, year) if year <= 9999 else None
    if found is None:
        raise Http404
    return found

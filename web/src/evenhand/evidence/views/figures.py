from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.authorities.access import person_of, staff_of
from evenhand.authorities.models import Authority
from evenhand.authorities.permissions import SEE_DRAFTS, may
from evenhand.evidence import queries
from evenhand.evidence.models import Snapshot
from evenhand.evidence.permissions import IMPORT_EVIDENCE, SEE_UNPROTECTED
from evenstat.errors import UnknownStandard
from evenstat.standards import standard


@require_safe
@staff_of(SEE_DRAFTS)
def figures(request: HttpRequest, authority: Authority) -> HttpResponse:
    """The figures that are stored, when they were uploaded and by whom. Shows no figures."""
    person = person_of(request)
    context = {
        "authority": authority,
        "datasets": queries.datasets(authority),
        "may_upload": may(person, IMPORT_EVIDENCE, authority).allowed,
        "sees_unprotected": may(person, SEE_UNPROTECTED, authority).allowed,
    }
    return render(request, "evidence/figures.html", context)


@require_safe
@staff_of(SEE_UNPROTECTED)
def snapshot_tables(request: HttpRequest, authority: Authority, dataset: str, year: int) -> HttpResponse:
    """Lists the tables of a year. Each table has its own page, so that the access log can say which one was viewed."""
    snapshot = _get_snapshot_or_404(authority, dataset, year)
    tables = [
        (characteristic, standard(characteristic).name) for characteristic in queries.characteristics_of(snapshot)
    ]
    context = {"authority": authority, "snapshot": snapshot, "tables": tables}
    return render(request, "evidence/snapshot.html", context)


@require_safe
@staff_of(SEE_UNPROTECTED)
def unprotected(
    request: HttpRequest, authority: Authority, dataset: str, year: int, characteristic: str
) -> HttpResponse:
    snapshot = _get_snapshot_or_404(authority, dataset, year)
    try:
        categories = standard(characteristic)
    except UnknownStandard as error:
        raise Http404 from error
    if categories.id not in queries.characteristics_of(snapshot):
        raise Http404
    table = queries.view_unprotected_table(snapshot, categories.id, by=person_of(request))
    context = {
        "authority": authority,
        "snapshot": snapshot,
        "name": categories.name,
        "answered": [(categories.label(cell.code), cell.count) for cell in table.counts.answered],
        "not_known": [(categories.label(cell.code), cell.count) for cell in table.counts.not_known],
        "not_given": [categories.label(code) for code in table.not_given],
    }
    return render(request, "evidence/unprotected.html", context)


def _get_snapshot_or_404(authority: Authority, dataset: str, year: int) -> Snapshot:
    snapshot = queries.snapshot_of(authority, dataset, year) if year <= 9999 else None
    if snapshot is None:
        raise Http404
    return snapshot

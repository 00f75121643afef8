"""Checks whether a further table can be published: the same people in other groups, given the published tables.

The answer depends on the true counts, so only people who may see them can ask, and each question is recorded in the
access log.
"""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.authorities.access import person_of, staff_of
from evenhand.authorities.models import Authority, User
from evenhand.evidence.permissions import SEE_UNPROTECTED
from evenhand.ledger.access_log import log_access
from evenhand.ledger.subjects import Subject
from evenhand.releases import queries, screens
from evenhand.releases.enums import ReleaseState
from evenhand.releases.forms import MergedRowForm
from evenhand.releases.groupings import MergedRow, groupings_of, merged_row
from evenhand.releases.models import Release, ReleaseTable
from evenhand.releases.views.lookups import get_release_or_404
from evenstat.standards import standard


@require_safe
@staff_of(SEE_UNPROTECTED)
def tables(request: HttpRequest, authority: Authority, release: str) -> HttpResponse:
    """Lists the tables and years to choose from."""
    publication = _get_published_or_404(authority, release, by=person_of(request))
    context = {"authority": authority, "release": publication, "years": queries.tables_by_period(publication)}
    return render(request, "releases/another_table.html", context)


@require_safe
@staff_of(SEE_UNPROTECTED)
def check(request: HttpRequest, authority: Authority, release: str, period: str, characteristic: str) -> HttpResponse:
    """The groups to choose from and, once they are chosen, the answer."""
    publication = _get_published_or_404(authority, release, by=person_of(request))
    table = publication.tables.filter(snapshot__period=period, characteristic=characteristic).first()
    if table is None:
        raise Http404
    choices = [(row.code, row.label) for row in table.published.rows if not row.is_not_given]
    groupings = groupings_of(characteristic)
    is_submitted = not {"together", "ask"}.isdisjoint(request.GET)
    form = MergedRowForm(request.GET if is_submitted else None, choices=choices)
    chosen = next((grouping for grouping in groupings if grouping.id == request.GET.get("grouping")), None)
    context: dict[str, object] = {"authority": authority, "release": publication, "table": table.published}
    if form.is_valid():
        merged = (merged_row(characteristic, form.cleaned_data["together"]),)
        context["answer"] = _answer(table, merged, by=person_of(request))
    elif chosen and not form.is_bound:
        context["answer"] = _answer(table, chosen.merged, by=person_of(request))
    context |= {"form": form, "groupings": groupings, "name": standard(characteristic).name}
    return render(request, "releases/another_table_of.html", context)


def _answer(table: ReleaseTable, merged: Sequence[MergedRow], *, by: User) -> screens.AdditionalTableAnswer:
    snapshot = table.snapshot
    log_access(by, Subject("snapshot", snapshot.id, snapshot.dataset.authority_id), table.characteristic)
    return screens.additional_table_answer(queries.additional_table_check(table, by=by), merged, table.published)


def _get_published_or_404(authority: Authority, slug: str, *, by: User) -> Release:
    """Published publications only: until then, the publication itself can still be changed."""
    release = get_release_or_404(authority, slug, by=by)
    if release.state != ReleaseState.PUBLISHED:
        raise Http404
    return release

"""“Can I also publish this table?”: the same people in other groups, beside all that is out of them.

The answer rests on the true counts, so it is for those who may see them, and each question is recorded as a look.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.authorities.access import person_of, staff_of
from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Permission
from evenhand.ledger.looks import note_look
from evenhand.ledger.subjects import Subject
from evenhand.releases import queries, screens
from evenhand.releases.enums import State
from evenhand.releases.forms import TogetherForm
from evenhand.releases.groupings import by_hand, groupings_of
from evenhand.releases.models import Release, ReleaseTable
from evenhand.releases.views.found import publication_or_404
from evenstat.standards import standard


@require_safe
@staff_of(Permission.SEE_UNPROTECTED)
def tables(request: HttpRequest, authority: Authority, release: str) -> HttpResponse:
    """Which table it would be, of which year."""
    found = _out_or_404(authority, release, by=person_of(request))
    context = {"authority": authority, "release": found, "years": queries.tables_by_period(found)}
    return render(request, "releases/another_table.html", context)


@require_safe
@staff_of(Permission.SEE_UNPROTECTED)
def question(
    request: HttpRequest, authority: Authority, release: str, period: str, characteristic: str
) -> HttpResponse:
    """The groups to choose from and, once they are chosen, the answer."""
    found = _out_or_404(authority, release, by=person_of(request))
    table = found.tables.filter(snapshot__period=period, characteristic=characteristic).first()
    if table is None:
        raise Http404
    rows = [(row.code, row.label) for row in table.published.rows if not row.is_not_given]
    ready = groupings_of(characteristic)
    asked = not {"together", "ask"}.isdisjoint(request.GET)
    form = TogetherForm(request.GET if asked else None, choices=rows)
    chosen = next((each for each in ready if each.id == request.GET.get("grouping")), None)
    context: dict[str, object] = {"authority": authority, "release": found, "table": table.published}
    if form.is_valid():
        merged = (by_hand(characteristic, form.cleaned_data["together"]),)
        context["answer"] = _answer(table, merged, by=person_of(request))
    elif chosen and not form.is_bound:
        context["answer"] = _answer(table, chosen.merged, by=person_of(request))
    context |= {"form": form, "ready": ready, "known": standard(characteristic)}
    return render(request, "releases/another_table_of.html", context)


def _answer(table: ReleaseTable, merged: screens.Asked, *, by: User) -> screens.Answered:
    snapshot = table.snapshot
    note_look(by, Subject("snapshot", snapshot.id, snapshot.dataset.authority_id), table.characteristic)
    return screens.answered(queries.question(table, by=by), merged, table.published)


def _out_or_404(authority: Authority, slug: str, *, by: User) -> Release:
    """Of a publication that is out: before that, whatever is in it can still be changed itself."""
    found = publication_or_404(authority, slug, by=by)
    if found.state != State.PUBLISHED:
        raise Http404
    return found

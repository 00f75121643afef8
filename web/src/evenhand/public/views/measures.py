from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from evenhand.authorities.models import Authority
from evenhand.evidence.benchmarks import reference_source
from evenhand.evidence.measures import UnknownMeasure
from evenhand.evidence.measures import measure as measure_called
from evenhand.public import queries
from evenhand.public.charts import chart_of
from evenhand.public.views.addresses import of_authority


@of_authority
def measure(request: HttpRequest, authority: Authority, measure: str, period: str = "") -> HttpResponse:
    """A measure at its latest period, or at the one that the address names."""
    try:
        known = measure_called(measure)
    except UnknownMeasure as unknown:
        raise Http404 from unknown
    released = queries.periods(authority, known)
    stored = next((each for each in released if period in ("", each.snapshot.period)), None)
    if stored is None:
        raise Http404
    table = stored.published
    context = {
        "authority": authority,
        "measure": known,
        "table": table,
        "chart": chart_of(table),
        "release": stored.release,
        "dataset": stored.snapshot.dataset,
        "reference": reference_source(),
        "periods": [each.snapshot.period for each in released],
        "shared_reasons": queries.shared_reasons(table),
        "named": bool(period),
        "not_given": queries.not_given(table),
        "adds_up": queries.adds_up(table),
        "cautions": queries.cautions(table),
    }
    return render(request, "public/measure.html", context)

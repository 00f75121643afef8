from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from evenhand.authorities.models import Authority
from evenhand.evidence.benchmarks import copied_area, reference_source
from evenhand.evidence.measures import UnknownMeasure
from evenhand.evidence.measures import measure as measure_by_slug
from evenhand.page_cache.pages import cached_page
from evenhand.public import queries, versions
from evenhand.public.charts import chart_of
from evenhand.public.views.decorators import authority_page


@cached_page(versions.one_authority)
@authority_page
def measure(request: HttpRequest, authority: Authority, measure: str, period: str = "") -> HttpResponse:
    """Show a measure at the period in the address, by default the latest."""
    try:
        chosen = measure_by_slug(measure)
    except UnknownMeasure as error:
        raise Http404 from error
    released = queries.periods(authority, chosen)
    stored = next((table for table in released if period in ("", table.snapshot.period)), None)
    if stored is None:
        raise Http404
    table = stored.published
    context = {
        "authority": authority,
        "measure": chosen,
        "table": table,
        "sides": table.sides_in_words,
        "chart": chart_of(table),
        "release": stored.release,
        "dataset": stored.snapshot.dataset,
        "reference": reference_source(),
        "copied_area": copied_area(authority.area_code),
        "periods": [table.snapshot.period for table in released],
        "shared_reasons": queries.shared_reasons(table),
        "has_period_in_address": bool(period),
        "groups_without_figures": queries.groups_without_figures(table),
        "groups_add_up": queries.groups_add_up(table),
        "cautions": queries.cautions(table),
    }
    return render(request, "public/measure.html", context)

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from evenhand.authorities.access import anyone
from evenhand.authorities.models import Authority
from evenhand.authorities.queries import authorities
from evenhand.evidence.benchmarks import reference_source
from evenhand.plans.queries import published_everywhere
from evenhand.public import prose, queries
from evenhand.public.statement import statement
from evenstat.disclosure import HIDING
from evenstat.standards import STANDARDS

SHORTFALLS_SHOWN = 10


@anyone
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    summaries = queries.plan_summaries()
    falling = queries.shortfalls()
    counted = queries.counted()
    return render(
        request,
        "public/home.html",
        {
            "summaries": summaries,
            "objectives": sum(each.check.objectives for each in summaries),
            "priorities": sum(each.check.priorities for each in summaries),
            "with_measure": sum(_with_measure(each) for each in summaries),
            "shortfalls": falling[:SHORTFALLS_SHOWN],
            "shortfalls_in_all": len(falling),
            "counted": get_text_list(counted, gettext("and")),
            "uncounted": get_text_list(_without_figures(summaries, counted), gettext("and")),
            "regions": _by_region(summaries),
        },
    )


def _with_measure(summary: queries.PlanSummary) -> int:
    return summary.check.total("measure").objectives


def _without_figures(summaries: tuple[queries.PlanSummary, ...], counted: list[str]) -> list[str]:
    return sorted({each.plan.authority.name for each in summaries} - set(counted))


def _by_region(summaries: tuple[queries.PlanSummary, ...]) -> list[tuple[str, list[queries.PlanSummary]]]:
    """The plans under the name of their region, its own body's first; then those outside any region."""
    bodies = list(authorities())
    regions = [body for body in bodies if any(each.parent_id == body.id for each in bodies)]
    placed = [(region.area_name, _of_region(region, summaries)) for region in regions]
    inside = {each.plan.id for _name, plans in placed for each in plans}
    outside = [each for each in summaries if each.plan.id not in inside]
    return [*placed, (gettext("Other authorities"), outside)] if outside else placed


def _of_region(region: Authority, summaries: tuple[queries.PlanSummary, ...]) -> list[queries.PlanSummary]:
    found = [each for each in summaries if region.id in (each.plan.authority_id, each.plan.authority.parent_id)]
    return sorted(found, key=lambda each: each.plan.authority_id != region.id)


@anyone
@require_safe
def methods(request: HttpRequest) -> HttpResponse:
    return render(request, "public/methods.html", {"policies": HIDING, "standards": STANDARDS})


@anyone
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    context = {
        "plans": published_everywhere(),
        "datasets": queries.released_datasets(),
        "reference": reference_source(),
    }
    return render(request, "public/sources.html", context)


@anyone
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "public/accessibility.html", {"statement": prose.html(statement())})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(render_to_string("400.html"), status=400)


def form_not_taken(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: an old page, or one that another site sent."""
    context = {
        "heading": gettext("The form was not taken in"),
        "words": gettext(
            "The page was open for too long, or cookies are switched off for this site. "
            "Nothing was changed. Go back, load the page again, and send the form once more."
        ),
    }
    return HttpResponse(render_to_string("refused.html", context), status=403)


def server_fault(request: HttpRequest) -> HttpResponse:
    # Rendered without a request, because whatever is broken may be what a request brings along.
    return HttpResponse(render_to_string("500.html"), status=500)

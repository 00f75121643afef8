from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from evenhand.authorities.queries import authorities
from evenhand.evidence.benchmarks import reference_source
from evenhand.public import queries
from evenstat.disclosure import POLICIES
from evenstat.standards import STANDARDS

SHORTFALLS_SHOWN = 10


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    summaries = queries.plan_summaries()
    falling = queries.shortfalls()
    bodies = list(authorities())
    regions = [body for body in bodies if any(each.parent_id == body.id for each in bodies)]
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
            "regions": [(region, _of_region(region, summaries)) for region in regions],
        },
    )


def _with_measure(summary: queries.PlanSummary) -> int:
    return summary.check.total("measure").objectives


def _of_region(region: Any, summaries: tuple[queries.PlanSummary, ...]) -> list[queries.PlanSummary]:
    """The plans of the region's own body first, then its members'."""
    inside = [each for each in summaries if region.id in (each.plan.authority_id, each.plan.authority.parent_id)]
    return sorted(inside, key=lambda each: each.plan.authority_id != region.id)


@require_safe
def methods(request: HttpRequest) -> HttpResponse:
    return render(request, "public/methods.html", {"policies": POLICIES, "standards": STANDARDS})


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    context = {
        "plans": [each.plan for each in queries.plan_summaries()],
        "datasets": queries.released_datasets(),
        "reference": reference_source(),
    }
    return render(request, "public/sources.html", context)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "public/accessibility.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_fault(request: HttpRequest) -> HttpResponse:
    # Rendered without a request, because whatever is broken may be what a request brings along.
    return HttpResponse(render_to_string("500.html"), status=500)

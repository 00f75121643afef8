from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from evenhand.authorities.access import anyone
from evenhand.authorities.models import Authority
from evenhand.authorities.queries import authorities, invented_authorities
from evenhand.evidence.benchmarks import reference_source
from evenhand.evidence.majority_groups import majority_groups
from evenhand.page_cache.pages import cached_page
from evenhand.plans.queries import published_everywhere
from evenhand.public import markdown, queries, versions
from evenhand.public.accessibility import accessibility_statement
from evenhand.public.views.decorators import not_indexed
from evenhand.sign_in.kept.middleware import keep_form_with_old_token
from evenstat.disclosure import SUPPRESSION_POLICIES
from evenstat.standards import STANDARDS

SHORTFALLS_SHOWN = 10


@anyone
@require_safe
@cached_page(versions.every_authority, query={"groups": "all"})
def home(request: HttpRequest) -> HttpResponse:
    """Show what was promised, what is measured and who is left behind. `?groups=all` shows every group."""
    summaries = queries.plan_summaries()
    all_shortfalls = queries.shortfalls()
    shortfalls = [shortfall for shortfall in all_shortfalls if shortfall.majority is None]
    counted = queries.names_of_authorities_with_figures()
    shown = len(shortfalls) if request.GET.get("groups") == "all" else SHORTFALLS_SHOWN
    return render(
        request,
        "public/home.html",
        {
            "summaries": summaries,
            "objectives": sum(summary.check.objectives for summary in summaries),
            "priorities": sum(summary.check.priorities for summary in summaries),
            "with_measure": sum(summary.check.with_measure for summary in summaries),
            "shortfalls": shortfalls[:shown],
            "shortfall_count": len(shortfalls),
            "majority_shortfalls": [shortfall for shortfall in all_shortfalls if shortfall.majority],
            "authorities_with_figures": get_text_list(counted, gettext("and")),
            "authorities_without_figures": get_text_list(_names_without_figures(summaries, counted), gettext("and")),
            "regions": _by_region(summaries),
            "has_worked_example": invented_authorities().exists(),
        },
    )


def _names_without_figures(summaries: tuple[queries.PlanSummary, ...], counted: list[str]) -> list[str]:
    return sorted({summary.plan.authority.name for summary in summaries} - set(counted))


def _by_region(summaries: tuple[queries.PlanSummary, ...]) -> list[tuple[str, list[queries.PlanSummary]]]:
    """Group the plans by region, the region's own authority first, then list the plans outside any region."""
    all_authorities = list(authorities())
    parent_ids = {authority.parent_id for authority in all_authorities}
    regions = [authority for authority in all_authorities if authority.id in parent_ids]
    groups = [(region.area_name, _plans_of_region(region, summaries)) for region in regions]
    grouped = {summary.plan.id for _name, group in groups for summary in group}
    others = [summary for summary in summaries if summary.plan.id not in grouped]
    return [*groups, (gettext("Other authorities"), others)] if others else groups


def _plans_of_region(region: Authority, summaries: tuple[queries.PlanSummary, ...]) -> list[queries.PlanSummary]:
    of_region = [
        summary for summary in summaries if region.id in (summary.plan.authority_id, summary.plan.authority.parent_id)
    ]
    return sorted(of_region, key=lambda summary: summary.plan.authority_id != region.id)


@anyone
@require_safe
@cached_page(versions.every_authority)
def worked_example(request: HttpRequest) -> HttpResponse:
    """Lead to the invented authorities. They are listed nowhere else."""
    invented = queries.worked_example()
    if not invented:
        raise Http404
    return not_indexed(render(request, "public/worked_example.html", {"authorities": invented}))


@anyone
@require_safe
@cached_page(versions.every_authority)
def methods(request: HttpRequest) -> HttpResponse:
    context = {"policies": SUPPRESSION_POLICIES, "standards": STANDARDS, "majority_groups": majority_groups()}
    return render(request, "public/methods.html", context)


@anyone
@require_safe
@cached_page(versions.every_authority)
def sources(request: HttpRequest) -> HttpResponse:
    context = {
        "plans": published_everywhere(),
        "datasets": queries.released_datasets(),
        "reference": reference_source(),
    }
    return render(request, "public/sources.html", context)


@anyone
@require_safe
@cached_page(versions.every_authority)
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "public/accessibility.html", {"statement": markdown.to_html(accessibility_statement())})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(render_to_string("400.html"), status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Refuse a form without a valid CSRF token: from an old page, or from another site. A form of staff is kept."""
    if kept := keep_form_with_old_token(request):
        return kept
    context = {
        "heading": gettext("Your form was not submitted"),
        "words": gettext(
            "The page may have been open for too long, or cookies may be switched off for this site. "
            "Nothing was changed. Go back, reload the page and submit the form again."
        ),
    }
    return HttpResponse(render_to_string("refused.html", context), status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    # Rendered without the request, because a context processor may be what failed.
    return HttpResponse(render_to_string("500.html"), status=500)

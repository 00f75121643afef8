from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.authorities.access import anyone
from evenhand.authorities.models import Authority
from evenhand.authorities.queries import predecessors, successors
from evenhand.page_cache.pages import cached_page
from evenhand.plans import queries as plans
from evenhand.public import queries, versions
from evenhand.public.views.decorators import authority_page
from evenhand.releases.queries import published

MAX_SEARCH_LENGTH = 100


@anyone
@require_safe
@cached_page(versions.every_authority, query={"q": ""})
def directory(request: HttpRequest) -> HttpResponse:
    search = request.GET.get("q", "").strip()[:MAX_SEARCH_LENGTH]
    context = {
        "search": search,
        "authorities": queries.directory(search),
        "has_worked_example": bool(queries.worked_example()),
    }
    return render(request, "public/authorities.html", context)


@cached_page(versions.one_authority)
@authority_page
def authority(request: HttpRequest, authority: Authority) -> HttpResponse:
    context = {
        "authority": authority,
        "summaries": [queries.plan_summary(plan) for plan in plans.published(authority)],
        "measures": queries.measures_of(authority),
        "releases": published(authority),
        "members": authority.members.all(),
        "predecessors": predecessors(authority),
        "successors": successors(authority),
    }
    return render(request, "public/authority.html", context)

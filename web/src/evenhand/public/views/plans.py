from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from evenhand.authorities.models import Authority
from evenhand.page_cache.pages import cached_page
from evenhand.plans.queries import published_plan
from evenhand.public import queries, versions
from evenhand.public.views.decorators import authority_page


@cached_page(versions.one_authority)
@authority_page
def plan(request: HttpRequest, authority: Authority, plan: str) -> HttpResponse:
    current = published_plan(authority, plan)
    if current is None:
        raise Http404
    if current.slug != plan:
        return redirect("public:plan", permanent=True, authority=authority.slug, plan=current.slug)
    summary = queries.plan_summary(current)
    context = {
        "authority": authority,
        "summary": summary,
        "plan": current,
        "document": summary.document,
        "check": summary.check,
        "checks": {node.ref: node for node in summary.check.nodes},
        "sections": {
            kind: [node for node in summary.document.nodes if node.kind == kind]
            for kind in ("vision", "process", "objective")
        },
    }
    return render(request, "public/plan.html", context)

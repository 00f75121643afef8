from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from evenhand.authorities.models import Authority
from evenhand.plans.queries import published_plan
from evenhand.public import queries
from evenhand.public.views.addresses import of_authority


@of_authority
def plan(request: HttpRequest, authority: Authority, plan: str) -> HttpResponse:
    found = published_plan(authority, plan)
    if found is None:
        raise Http404
    if found.slug != plan:
        return redirect("public:plan", permanent=True, authority=authority.slug, plan=found.slug)
    summary = queries.plan_summary(found)
    context = {
        "authority": authority,
        "summary": summary,
        "plan": found,
        "document": summary.document,
        "check": summary.check,
        "checks": {node.ref: node for node in summary.check.nodes},
        "with_measure": summary.check.total("measure").objectives,
        "sections": {
            kind: [node for node in summary.document.nodes if node.kind == kind]
            for kind in ("vision", "process", "objective")
        },
    }
    return render(request, "public/plan.html", context)

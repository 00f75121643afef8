from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evenhand.authorities.access import person_of, staff_of
from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import SEE_DRAFTS, may
from evenhand.plans import actions, queries
from evenhand.plans.check import check_plan
from evenhand.plans.models import Plan
from evenhand.plans.permissions import EDIT_PLAN, PUBLISH_PLAN

KINDS = ("vision", "process", "objective")


@require_safe
@staff_of()
def plans(request: HttpRequest, authority: Authority) -> HttpResponse:
    """List all plans of the authority, or only the published ones for people who may not see drafts."""
    person = person_of(request)
    visible = queries.visible(authority, by=person)
    context = {
        "authority": authority,
        "rows": [{"plan": plan, "check": check_plan(queries.document(plan))} for plan in visible],
        "may_upload": may(person, EDIT_PLAN, authority).allowed,
        "sees_drafts": may(person, SEE_DRAFTS, authority).allowed,
    }
    return render(request, "plans/plans.html", context)


@require_safe
@staff_of(SEE_DRAFTS)
def plan(request: HttpRequest, authority: Authority, plan: str) -> HttpResponse:
    """Show a plan and what is missing from each objective and priority."""
    person = person_of(request)
    current = _plan_or_404(authority, plan, by=person)
    if current.slug != plan:
        return redirect("plans:plan", permanent=True, authority=authority.slug, plan=current.slug)
    verdict = may(person, PUBLISH_PLAN, authority)
    return render(request, "plans/plan.html", _plan_context(current) | {"verdict": verdict})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of(PUBLISH_PLAN)
def publish(request: HttpRequest, authority: Authority, plan: str) -> HttpResponse:
    """Ask for confirmation, then publish. Publishing a published plan changes nothing."""
    current = _plan_or_404(authority, plan, by=person_of(request))
    if current.published_at is not None:
        messages.info(request, _("This plan is already published. Nothing was changed."))
    elif request.method == "POST":
        try:
            actions.publish(current, by=person_of(request))
        except queries.PlanConflict as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request, _("“%(title)s” has been published. Anyone can read it now.") % {"title": current.title}
            )
    else:
        return render(request, "plans/publish.html", _plan_context(current))
    return redirect("plans:plan", authority=authority.slug, plan=current.slug)


def _plan_or_404(authority: Authority, slug: str, *, by: User) -> Plan:
    try:
        return queries.plan(authority, slug, by=by)
    except queries.UnknownPlan as error:
        raise Http404(str(error)) from error


def _plan_context(plan: Plan) -> dict[str, Any]:
    document = queries.document(plan)
    check = check_plan(document)
    return {
        "authority": plan.authority,
        "plan": plan,
        "document": document,
        "check": check,
        "checks": {node.ref: node for node in check.nodes},
        "sections": {kind: [node for node in document.nodes if node.kind == kind] for kind in KINDS},
    }

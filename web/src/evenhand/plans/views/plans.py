from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evenhand.authorities.access import person_of, staff_of
from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Permission, may
from evenhand.plans import actions, queries
from evenhand.plans.check import check_plan
from evenhand.plans.models import Plan

KINDS = ("vision", "process", "objective")


@require_safe
@staff_of()
def plans(request: HttpRequest, authority: Authority) -> HttpResponse:
    """Every plan of the authority, or for those who may not see drafts what is published."""
    person = person_of(request)
    held = queries.visible(authority, by=person)
    context = {
        "authority": authority,
        "rows": [{"plan": each, "check": check_plan(queries.document(each))} for each in held],
        "may_take_in": may(person, Permission.EDIT_PLAN, authority).allowed,
        "sees_drafts": may(person, Permission.SEE_DRAFTS, authority).allowed,
    }
    return render(request, "plans/plans.html", context)


@require_safe
@staff_of(Permission.SEE_DRAFTS)
def plan(request: HttpRequest, authority: Authority, plan: str) -> HttpResponse:
    """A plan in its own words, and what each objective lacks."""
    person = person_of(request)
    found = _plan_or_404(authority, plan, by=person)
    if found.slug != plan:
        return redirect("plans:plan", permanent=True, authority=authority.slug, plan=found.slug)
    verdict = may(person, Permission.PUBLISH_PLAN, authority)
    return render(request, "plans/plan.html", _words_of(found) | {"verdict": verdict})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of(Permission.PUBLISH_PLAN)
def publish(request: HttpRequest, authority: Authority, plan: str) -> HttpResponse:
    """Asks first: what is published stays. Publishing twice does no harm."""
    found = _plan_or_404(authority, plan, by=person_of(request))
    if found.published_at is not None:
        messages.info(request, _("It is published already: nothing was changed."))
    elif request.method == "POST":
        actions.publish(found, by=person_of(request))
        messages.success(request, _("“%(title)s” is published: anyone can read it now.") % {"title": found.title})
    else:
        return render(request, "plans/publish.html", _words_of(found))
    return redirect("plans:plan", authority=authority.slug, plan=found.slug)


def _plan_or_404(authority: Authority, slug: str, *, by: User) -> Plan:
    try:
        return queries.plan(authority, slug, by=by)
    except queries.UnknownPlan as unknown:
        raise Http404(str(unknown)) from unknown


def _words_of(found: Plan) -> dict[str, Any]:
    document = queries.document(found)
    check = check_plan(document)
    return {
        "authority": found.authority,
        "plan": found,
        "document": document,
        "check": check,
        "checks": {node.ref: node for node in check.nodes},
        "with_measure": check.total("measure").objectives,
        "sections": {kind: [node for node in document.nodes if node.kind == kind] for kind in KINDS},
    }

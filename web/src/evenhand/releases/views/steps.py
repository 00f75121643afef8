"""One step of a publication for each address: a button, or a page that asks first.

A step that can't be taken changes nothing and comes back as a page with the reason (409, or 403 from `staff_of`).
Pressing twice does no harm: whoever finds the step done already is sent to the publication.
"""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from evenhand import gates
from evenhand.authorities.access import person_of, sent, staff_of
from evenhand.authorities.models import Authority
from evenhand.gates import GateClosed, Missing
from evenhand.releases import actions, queries
from evenhand.releases.enums import State
from evenhand.releases.forms import ReopenForm
from evenhand.releases.models import Release
from evenhand.releases.permissions import STEPS, may_take, steps_from
from evenhand.releases.requirements import APPROVE, PUBLISH
from evenhand.releases.views import safety
from evenhand.releases.views.found import publication_or_404
from evenstat.disclosure import policy
from evenstat.errors import EvenstatError

DONE: dict[str, Promise] = {
    "protect": _("“%(title)s” is protected. Look at what is hidden; next it is checked."),
    "check": _("“%(title)s” has passed its check. Next someone with the role Approver approves it."),
    "approve": _("“%(title)s” is approved. It is not out until it is published."),
    "publish": _("“%(title)s” is published: anyone can read it now."),
    "reopen": _("“%(title)s” is a draft again, and nothing of it is protected."),
}
FAILURES = (actions.Changed, actions.CheckFailed, EvenstatError)


@staff_of(STEPS["protect"])
@require_POST
def protect(request: HttpRequest, authority: Authority, release: str) -> HttpResponse:
    found = publication_or_404(authority, release, by=person_of(request))
    return _taken(request, found, "protect", lambda: actions.protect(found, by=person_of(request)))


@staff_of(STEPS["check"])
@require_POST
def check(request: HttpRequest, authority: Authority, release: str) -> HttpResponse:
    found = publication_or_404(authority, release, by=person_of(request))
    return _taken(request, found, "check", lambda: actions.check(found, by=person_of(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of(STEPS["approve"])
def approve(request: HttpRequest, authority: Authority, release: str) -> HttpResponse:
    found = publication_or_404(authority, release, by=person_of(request))
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        return _taken(request, found, "approve", lambda: actions.approve(found, by=person_of(request), seen=seen))
    return _asked(request, found, "approve", State.APPROVED, APPROVE)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of(STEPS["publish"])
def publish(request: HttpRequest, authority: Authority, release: str) -> HttpResponse:
    found = publication_or_404(authority, release, by=person_of(request))
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        return _taken(request, found, "publish", lambda: actions.publish(found, by=person_of(request), seen=seen))
    return _asked(request, found, "publish", State.PUBLISHED, PUBLISH)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of(STEPS["reopen"])
def reopen(request: HttpRequest, authority: Authority, release: str) -> HttpResponse:
    found = publication_or_404(authority, release, by=person_of(request))
    form = ReopenForm(sent(request))
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        return _taken(request, found, "reopen", lambda: actions.reopen(found, by=person_of(request), reason=reason))
    if "reopen" not in steps_from(State(found.state)):
        return _not_from_here(request, found, State.DRAFT)
    return render(request, "releases/reopen.html", {"authority": authority, "release": found, "form": form})


def _taken(request: HttpRequest, found: Release, name: str, take: Callable[[], Release]) -> HttpResponse:
    try:
        take()
    except actions.WrongState as wrong:
        return _not_from_here(request, found, wrong.to)
    except GateClosed as closed:
        return _refused(request, found, "", closed.missing)
    except FAILURES as failed:
        return _refused(request, found, str(failed))
    messages.success(request, DONE[name] % {"title": found.title})
    return _to(found)


def _asked(request: HttpRequest, found: Release, name: str, to: State, gate: str) -> HttpResponse:
    """The page before a step that can't be taken back, or what stands in its way."""
    may_take(name, found, by=person_of(request)).require()
    if found.state in (to, State.PUBLISHED):
        return _not_from_here(request, found, to)
    if missing := gates.missing(gate, found):
        return _refused(request, found, "", missing)
    if name not in steps_from(State(found.state)):
        return _not_from_here(request, found, to)
    held = queries.holdings(found)
    context = {
        "authority": found.authority,
        "release": found,
        "policy": policy(found.policy),
        "periods": queries.periods_of(found),
        "holdings": held,
        "hidden": sum(each.rows_hidden for each in held),
        "seen": queries.as_it_stands(found),
        **(safety.shown(found, by=person_of(request)) if name == "approve" else {}),
    }
    return render(request, f"releases/{name}.html", context)


def _not_from_here(request: HttpRequest, found: Release, to: State) -> HttpResponse:
    """Where it stands already where the step leads, somebody has pressed twice: that is no fault."""
    found.refresh_from_db(fields=["state"])
    if found.state != to:
        return _refused(request, found, str(actions.WrongState(found, State(found.state), to)))
    messages.info(request, _("That was done already: nothing was changed."))
    return _to(found)


def _to(found: Release) -> HttpResponse:
    return redirect("releases:publication", authority=found.authority.slug, release=found.slug)


def _refused(request: HttpRequest, found: Release, reason: str, missing: tuple[Missing, ...] = ()) -> HttpResponse:
    context = {"authority": found.authority, "release": found, "reason": reason, "missing": missing}
    return render(request, "releases/refused.html", context, status=409)

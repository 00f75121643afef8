"""The steps of a publication. Each has its own address and is either a button or a confirmation page.

A step that is not possible changes nothing and returns a page with the reason (409, or 403 from `staff_of`). If a
button is pressed twice, the second request is redirected to the publication.
"""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from evenhand import gates
from evenhand.authorities.access import bound_data, person_of, staff_of
from evenhand.authorities.models import Authority
from evenhand.authorities.permissions import may
from evenhand.evidence.permissions import IMPORT_EVIDENCE
from evenhand.gates import GateClosed, UnmetRequirement
from evenhand.releases import actions, queries
from evenhand.releases.enums import ReleaseState
from evenhand.releases.forms import ReopenForm
from evenhand.releases.models import Release
from evenhand.releases.permissions import STEPS, may_take, steps_from
from evenhand.releases.requirements import APPROVE, PUBLISH, no_other_publication
from evenhand.releases.views import suppression
from evenhand.releases.views.lookups import get_release_or_404
from evenstat.disclosure import policy
from evenstat.errors import EvenstatError

SUCCESS_MESSAGES: dict[str, Promise] = {
    "protect": _("“%(title)s” is protected. Review what is hidden. It must now be checked."),
    "check": _("“%(title)s” has passed its check. It must now be approved by someone with the Approver role."),
    "approve": _("“%(title)s” is approved. It will not be public until it is published."),
    "publish": _("“%(title)s” is published. Anyone can now read it."),
    "reopen": _("“%(title)s” has been returned to draft and is no longer protected."),
}
BLOCKED_MESSAGES: dict[str, Promise] = {  # for a draft that cannot be published: the page says why
    "protect": _("“%(title)s” is protected, but it cannot be published."),
    "check": _("“%(title)s” has passed its check, but it cannot be published."),
}
FAILURES = (actions.ReleaseChanged, actions.CheckFailed, EvenstatError)


@staff_of(STEPS["protect"])
@require_POST
def protect(request: HttpRequest, authority: Authority, release: str) -> HttpResponse:
    publication = get_release_or_404(authority, release, by=person_of(request))
    return _take_step(request, publication, "protect", lambda: actions.protect(publication, by=person_of(request)))


@staff_of(STEPS["check"])
@require_POST
def check(request: HttpRequest, authority: Authority, release: str) -> HttpResponse:
    publication = get_release_or_404(authority, release, by=person_of(request))
    return _take_step(request, publication, "check", lambda: actions.check(publication, by=person_of(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of(STEPS["approve"])
def approve(request: HttpRequest, authority: Authority, release: str) -> HttpResponse:
    publication = get_release_or_404(authority, release, by=person_of(request))
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        return _take_step(
            request, publication, "approve", lambda: actions.approve(publication, by=person_of(request), seen=seen)
        )
    return _confirm(request, publication, "approve", ReleaseState.APPROVED, APPROVE)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of(STEPS["publish"])
def publish(request: HttpRequest, authority: Authority, release: str) -> HttpResponse:
    publication = get_release_or_404(authority, release, by=person_of(request))
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        return _take_step(
            request, publication, "publish", lambda: actions.publish(publication, by=person_of(request), seen=seen)
        )
    return _confirm(request, publication, "publish", ReleaseState.PUBLISHED, PUBLISH)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of(STEPS["reopen"])
def reopen(request: HttpRequest, authority: Authority, release: str) -> HttpResponse:
    publication = get_release_or_404(authority, release, by=person_of(request))
    form = ReopenForm(bound_data(request))
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        return _take_step(
            request, publication, "reopen", lambda: actions.reopen(publication, by=person_of(request), reason=reason)
        )
    if "reopen" not in steps_from(ReleaseState(publication.state)):
        return _invalid_transition(request, publication, ReleaseState.DRAFT)
    context = {"authority": authority, "release": publication, "form": form}
    return render(request, "releases/reopen.html", context)


def _take_step(request: HttpRequest, release: Release, name: str, action: Callable[[], Release]) -> HttpResponse:
    try:
        action()
    except actions.InvalidTransition as error:
        return _invalid_transition(request, release, error.to)
    except GateClosed as closed:
        return _step_not_possible(request, release, "", closed.missing)
    except FAILURES as error:
        return _step_not_possible(request, release, str(error))
    success = SUCCESS_MESSAGES[name]
    if name in ("protect", "check") and no_other_publication(release):
        success = BLOCKED_MESSAGES[name]
    messages.success(request, success % {"title": release.title})
    return _redirect_to(release)


def _confirm(request: HttpRequest, release: Release, name: str, to: ReleaseState, gate: str) -> HttpResponse:
    """The confirmation page of a step, or the reasons why the step is not possible."""
    may_take(name, release, by=person_of(request)).require()
    if release.state in (to, ReleaseState.PUBLISHED):
        return _invalid_transition(request, release, to)
    if missing := gates.missing(gate, release):
        return _step_not_possible(request, release, "", missing)
    if name not in steps_from(ReleaseState(release.state)):
        return _invalid_transition(request, release, to)
    characteristics = queries.characteristic_summaries(release)
    context = {
        "authority": release.authority,
        "release": release,
        "policy": policy(release.policy),
        "periods": queries.periods_of(release),
        "characteristics": characteristics,
        "hidden": sum(characteristic.rows_hidden for characteristic in characteristics),
        "seen": queries.content_fingerprint(release),
        **(suppression.suppression_context(release, by=person_of(request)) if name == "approve" else {}),
    }
    return render(request, f"releases/{name}.html", context)


def _invalid_transition(request: HttpRequest, release: Release, to: ReleaseState) -> HttpResponse:
    """A redirect if the publication is already in the target state, because the button was pressed twice."""
    release.refresh_from_db(fields=["state"])
    if release.state != to:
        error = actions.InvalidTransition(release, ReleaseState(release.state), to)
        return _step_not_possible(request, release, str(error))
    messages.info(request, _("This has already been done. Nothing has changed."))
    return _redirect_to(release)


def _redirect_to(release: Release) -> HttpResponse:
    return redirect("releases:publication", authority=release.authority.slug, release=release.slug)


def _step_not_possible(
    request: HttpRequest, release: Release, reason: str, missing: tuple[UnmetRequirement, ...] = ()
) -> HttpResponse:
    context = {
        "authority": release.authority,
        "release": release,
        "reason": reason,
        "missing": missing,
        "may_state_source": may(person_of(request), IMPORT_EVIDENCE, release.authority).allowed,
    }
    return render(request, "releases/refused.html", context, status=409)

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evenhand import gates
from evenhand.authorities.access import person_of, staff_of
from evenhand.authorities.models import Authority
from evenhand.authorities.permissions import Permission, may
from evenhand.evidence.queries import snapshots
from evenhand.records.slugs import SlugTaken
from evenhand.releases import actions, queries
from evenhand.releases.enums import State
from evenhand.releases.forms import DraftForm
from evenhand.releases.permissions import next_steps
from evenhand.releases.requirements import APPROVE, PUBLISH
from evenhand.releases.screens import may_know_why
from evenhand.releases.views.found import publication_or_404
from evenhand.releases.words import period_words
from evenstat.disclosure import policy


@require_safe
@staff_of()
def publications(request: HttpRequest, authority: Authority) -> HttpResponse:
    """Everything that the authority has out, and for those who may see drafts what is on its way."""
    person = person_of(request)
    holders = queries.holders(authority)
    context = {
        "authority": authority,
        "rows": [
            {"release": each, "policy": policy(each.policy), "holder": holders.get(each.id)}
            for each in queries.visible(authority, by=person)
        ],
        "may_draft": may(person, Permission.PREPARE_RELEASE, authority).allowed,
        "sees_drafts": may(person, Permission.SEE_DRAFTS, authority).allowed,
    }
    return render(request, "releases/publications.html", context)


@require_safe
@staff_of(Permission.SEE_DRAFTS)
def publication(request: HttpRequest, authority: Authority, release: str) -> HttpResponse:
    person = person_of(request)
    found = publication_or_404(authority, release, by=person)
    if found.slug != release:
        return redirect("releases:publication", permanent=True, authority=authority.slug, release=found.slug)
    held = queries.holdings(found)
    context = {
        "authority": authority,
        "release": found,
        "policy": policy(found.policy),
        "periods": queries.periods_of(found),
        "holdings": held,
        "hidden": sum(each.rows_hidden for each in held),
        "is_protected": found.state != State.DRAFT,
        "holder": queries.holders(authority).get(found.id),
        "missing": gates.missing(PUBLISH if found.state == State.APPROVED else APPROVE, found)
        if found.state != State.PUBLISHED
        else (),
        "steps": next_steps(found, by=person),
        "sees_unprotected": may(person, Permission.SEE_UNPROTECTED, authority).allowed,
        "knows_why": may_know_why(person, authority).allowed,
    }
    return render(request, "releases/publication.html", context)


@require_safe
@staff_of(Permission.SEE_DRAFTS)
def preview(request: HttpRequest, authority: Authority, release: str, period: str = "") -> HttpResponse:
    """The protected tables of one period, as the public will see them."""
    found = publication_or_404(authority, release, by=person_of(request))
    periods = queries.periods_of(found)
    shown = period or (periods[0] if periods else "")
    if shown not in periods:
        raise Http404
    context = {
        "authority": authority,
        "release": found,
        "periods": periods,
        "period": shown,
        "named": bool(period),
        "tables": queries.tables_of(found, shown),
    }
    return render(request, "releases/preview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of(Permission.PREPARE_RELEASE)
def draft(request: HttpRequest, authority: Authority) -> HttpResponse:
    """Begin a publication."""
    years = queries.years_of(authority)
    form = DraftForm(request.POST or None, years=years, initial=_suggested(years) | _asked_for(request))
    if request.method == "POST" and form.is_valid():
        try:
            begun = actions.draft(
                authority,
                by=person_of(request),
                slug=form.cleaned_data["slug"],
                title=form.cleaned_data["title"],
                policy_id=form.cleaned_data["policy"],
                snapshots=snapshots(authority, years=form.cleaned_data["years"]),
            )
        except SlugTaken as taken:
            form.add_error("slug", str(taken))
        except actions.NothingToPublish as nothing:
            form.add_error("years", str(nothing))
        except ValidationError as invalid:
            form.add_error(None, invalid.messages)
        else:
            messages.success(request, _("“%(title)s” is begun. Next it is protected.") % {"title": begun.title})
            return redirect("releases:publication", authority=authority.slug, release=begun.slug)
    return render(request, "releases/draft.html", {"authority": authority, "form": form, "years": years})


def _suggested(years: tuple[queries.Year, ...]) -> dict[str, object]:
    """A title for the years that are not out yet."""
    waiting = [period_words(each.period) for each in reversed(years) if not each.out_in]
    if not waiting:
        return {}
    if len(waiting) == 1:
        return {"title": _("Workforce representation, %(year)s") % {"year": waiting[0]}}
    return {"title": _("Workforce representation, %(first)s to %(last)s") % {"first": waiting[0], "last": waiting[-1]}}


def _asked_for(request: HttpRequest) -> dict[str, object]:
    """What another page sends along: a policy, and the years of a publication that is to be begun anew under it."""
    held = {
        "policy": request.GET.get("policy"),
        "years": [int(each) for each in request.GET.getlist("year") if _is_year(each)],
    }
    return {key: value for key, value in held.items() if value}


def _is_year(said: str) -> bool:
    return len(said) == 4 and said.isascii() and said.isdigit()

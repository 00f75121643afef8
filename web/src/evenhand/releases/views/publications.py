from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evenhand import gates
from evenhand.authorities.access import person_of, staff_of
from evenhand.authorities.models import Authority
from evenhand.authorities.permissions import SEE_DRAFTS, may
from evenhand.evidence.permissions import IMPORT_EVIDENCE, SEE_UNPROTECTED
from evenhand.evidence.queries import snapshots
from evenhand.records.slugs import SlugTaken
from evenhand.releases import actions, queries
from evenhand.releases.enums import ReleaseState
from evenhand.releases.forms import DraftForm
from evenhand.releases.permissions import PREPARE_RELEASE, next_steps
from evenhand.releases.requirements import APPROVE, NOTHING_ELSE_OUT, PUBLISH, with_other_publication
from evenhand.releases.screens import may_see_reasons
from evenhand.releases.views.lookups import get_release_or_404
from evenhand.releases.words import period_words
from evenstat.disclosure import policy


@require_safe
@staff_of()
def publications(request: HttpRequest, authority: Authority) -> HttpResponse:
    """The published publications of an authority and, for people who may see drafts, the unpublished ones."""
    person = person_of(request)
    assignees = queries.assignees(authority)
    context = {
        "authority": authority,
        "rows": [
            {
                "release": release,
                "policy": policy(release.policy),
                "assignee": assignees.get(release.id),
            }
            for release in with_other_publication(queries.visible(authority, by=person))
        ],
        "may_draft": may(person, PREPARE_RELEASE, authority).allowed,
        "sees_drafts": may(person, SEE_DRAFTS, authority).allowed,
    }
    return render(request, "releases/publications.html", context)


@require_safe
@staff_of(SEE_DRAFTS)
def publication(request: HttpRequest, authority: Authority, release: str) -> HttpResponse:
    person = person_of(request)
    publication = get_release_or_404(authority, release, by=person)
    if publication.slug != release:
        return redirect("releases:publication", permanent=True, authority=authority.slug, release=publication.slug)
    characteristics = queries.characteristic_summaries(publication)
    gate = PUBLISH if publication.state == ReleaseState.APPROVED else APPROVE
    missing = gates.missing(gate, publication) if publication.state != ReleaseState.PUBLISHED else ()
    context = {
        "authority": authority,
        "release": publication,
        "policy": policy(publication.policy),
        "periods": queries.periods_of(publication),
        "characteristics": characteristics,
        "hidden": sum(characteristic.rows_hidden for characteristic in characteristics),
        "is_protected": publication.state != ReleaseState.DRAFT,
        "assignee": queries.assignees(authority).get(publication.id),
        "missing": missing,
        "is_blocked": any(requirement.requirement == NOTHING_ELSE_OUT for requirement in missing),
        "may_state_source": may(person, IMPORT_EVIDENCE, authority).allowed,
        "steps": next_steps(publication, by=person),
        "sees_unprotected": may(person, SEE_UNPROTECTED, authority).allowed,
        "may_see_reasons": may_see_reasons(person, authority).allowed,
    }
    return render(request, "releases/publication.html", context)


@require_safe
@staff_of(SEE_DRAFTS)
def preview(request: HttpRequest, authority: Authority, release: str, period: str = "") -> HttpResponse:
    """The protected tables of one period, as the public will see them."""
    publication = get_release_or_404(authority, release, by=person_of(request))
    periods = queries.periods_of(publication)
    selected = period or (periods[0] if periods else "")
    if selected not in periods:
        raise Http404
    context = {
        "authority": authority,
        "release": publication,
        "periods": periods,
        "period": selected,
        "named": bool(period),
        "tables": queries.tables_of(publication, selected),
    }
    return render(request, "releases/preview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of(PREPARE_RELEASE)
def draft(request: HttpRequest, authority: Authority) -> HttpResponse:
    """Create a draft publication."""
    years = queries.available_years(authority)
    form = DraftForm(request.POST or None, years=years, initial=_default_title(years) | _initial_from_query(request))
    same_address = None
    if request.method == "POST" and form.is_valid():
        try:
            release = actions.draft(
                authority,
                by=person_of(request),
                slug=form.cleaned_data["slug"],
                title=form.cleaned_data["title"],
                policy_id=form.cleaned_data["policy"],
                snapshots=snapshots(authority, years=form.cleaned_data["years"]),
            )
        except SlugTaken as error:
            visible = queries.visible(authority, by=person_of(request))
            same_address = visible.filter(slug=form.cleaned_data["slug"]).first()
            form.add_error("slug", str(error))
        except actions.NothingToPublish as error:
            form.add_error("years", str(error))
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(
                request, _("Draft “%(title)s” created. It must now be protected.") % {"title": release.title}
            )
            return redirect("releases:publication", authority=authority.slug, release=release.slug)
    context = {"authority": authority, "form": form, "years": years, "same_address": same_address}
    return render(request, "releases/draft.html", context)


def _default_title(years: tuple[queries.AvailableYear, ...]) -> dict[str, object]:
    """A title for the years that are not published yet."""
    unpublished = [period_words(year.period) for year in reversed(years) if not year.published_in]
    if not unpublished:
        return {}
    if len(unpublished) == 1:
        return {"title": _("Workforce representation, %(year)s") % {"year": unpublished[0]}}
    first_and_last = {"first": unpublished[0], "last": unpublished[-1]}
    return {"title": _("Workforce representation, %(first)s to %(last)s") % first_and_last}


def _initial_from_query(request: HttpRequest) -> dict[str, object]:
    """The policy and years in the query string, for links that begin a new draft of an existing publication."""
    initial = {
        "policy": request.GET.get("policy"),
        "years": [int(year) for year in request.GET.getlist("year") if _is_year(year)],
    }
    return {key: value for key, value in initial.items() if value}


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isascii() and text.isdigit()

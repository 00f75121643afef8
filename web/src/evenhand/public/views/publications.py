from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from evenhand.authorities.models import Authority
from evenhand.evidence.benchmarks import reference_source
from evenhand.public import queries
from evenhand.public.views.addresses import of_authority
from evenhand.records.files import Root, kept
from evenhand.releases.certificate_words import readers
from evenhand.releases.models import Release
from evenhand.releases.queries import certificate_of, published_release
from evenstat.disclosure import policy


def _release(authority: Authority, slug: str) -> Release:
    found = published_release(authority, slug)
    if found is None:
        raise Http404
    return found


@of_authority
def publication(request: HttpRequest, authority: Authority, release: str, period: str = "") -> HttpResponse:
    """A publication with the tables of its latest period, or of the one that the address names."""
    found = _release(authority, release)
    if found.slug != release:
        name = "public:publication_period" if period else "public:publication"
        named = {"period": period} if period else {}
        return redirect(name, permanent=True, authority=authority.slug, release=found.slug, **named)
    summary = queries.publication_summary(found, period)
    if summary is None:
        raise Http404
    given = certificate_of(found)
    context = {
        "authority": authority,
        "release": found,
        "policy": policy(found.policy),
        "summary": summary,
        "named": bool(period),
        "reference": reference_source(),
        "certificate": given,
        "readers": readers(given) if given else (),
    }
    return render(request, "public/publication.html", context)


@of_authority
def figures(request: HttpRequest, authority: Authority, release: str) -> HttpResponse:
    """The file as it was kept when the figures were published: the same bytes for ever."""
    found = _release(authority, release)
    response = HttpResponse(kept(Root.PUBLIC, found.csv_sha256), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{authority.slug}-{found.slug}.csv"'
    return response


@of_authority
def certificate(request: HttpRequest, authority: Authority, release: str) -> HttpResponse:
    """The certificate as it was given before the figures went out; none for what went out before there were any."""
    found = _release(authority, release)
    if found.certificate is None:
        raise Http404
    return JsonResponse(found.certificate)

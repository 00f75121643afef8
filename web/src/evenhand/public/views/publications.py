from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from evenhand.authorities.models import Authority
from evenhand.evidence.benchmarks import copied_area, reference_source
from evenhand.page_cache.pages import cached_page
from evenhand.public import queries, versions
from evenhand.public.views.decorators import authority_page
from evenhand.public.views.marks import marked
from evenhand.records.files import Root, load
from evenhand.releases.certificate_words import attacker_summaries
from evenhand.releases.models import Release
from evenhand.releases.queries import certificate_of, published_release
from evenstat.disclosure import policy


def _release_or_404(authority: Authority, slug: str) -> Release:
    release = published_release(authority, slug)
    if release is None:
        raise Http404
    return release


@cached_page(versions.one_authority)
@authority_page
def publication(request: HttpRequest, authority: Authority, release: str, period: str = "") -> HttpResponse:
    """Show a publication at the period in the address, by default the latest."""
    current = _release_or_404(authority, release)
    if current.slug != release:
        url_name = "public:publication_period" if period else "public:publication"
        kwargs = {"period": period} if period else {}
        return redirect(url_name, permanent=True, authority=authority.slug, release=current.slug, **kwargs)
    summary = queries.publication_summary(current, period)
    if summary is None:
        raise Http404
    stored_certificate = certificate_of(current)
    context = {
        "authority": authority,
        "release": current,
        "policy": policy(current.policy),
        "summary": summary,
        "has_period_in_address": bool(period),
        "reference": reference_source(),
        "copied_area": copied_area(authority.area_code),
        "certificate": stored_certificate,
        "attackers": attacker_summaries(stored_certificate) if stored_certificate else (),
    }
    return render(request, "public/publication.html", context)


@cached_page(versions.one_authority)
@authority_page
def figures(request: HttpRequest, authority: Authority, release: str) -> HttpResponse:
    """Serve the CSV file stored at publication. Its bytes never change."""
    current = _release_or_404(authority, release)
    response = HttpResponse(load(Root.PUBLIC, current.csv_sha256), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{authority.slug}-{current.slug}.csv"'
    return response


@cached_page(versions.one_authority)
@authority_page
def certificate(request: HttpRequest, authority: Authority, release: str) -> HttpResponse:
    """Serve the certificate issued before publication. Publications older than certificates have none."""
    current = _release_or_404(authority, release)
    if current.certificate is None:
        raise Http404
    return JsonResponse(marked(current.certificate, authority))

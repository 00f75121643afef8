from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.authorities.access import staff_of
from evenhand.authorities.models import Authority
from evenhand.authorities.permissions import Permission
from evenhand.operations.documents.page import whole_page
from evenhand.operations.documents.writing import DRAFTS, Draft, draft
from evenhand.public import prose

signing = staff_of(Permission.MANAGE_AUTHORITY)


@signing
@require_safe
def documents(request: HttpRequest, authority: Authority) -> HttpResponse:
    return render(request, "operations/documents/documents.html", {"authority": authority, "drafts": DRAFTS})


@signing
@require_safe
def document(request: HttpRequest, authority: Authority, document: str) -> HttpResponse:
    found = _draft(document)
    content = prose.html(found.write(authority.name))
    context = {"authority": authority, "draft": found, "content": content}
    return render(request, "operations/documents/document.html", context)


@signing
@require_safe
def markdown(request: HttpRequest, authority: Authority, document: str) -> HttpResponse:
    found = _draft(document)
    return _attached(f"{found.write(authority.name)}\n", "text/markdown; charset=utf-8", f"{found.slug}.md")


@signing
@require_safe
def page(request: HttpRequest, authority: Authority, document: str) -> HttpResponse:
    found = _draft(document)
    text = whole_page(found.title, found.write(authority.name))
    return _attached(text, "text/html; charset=utf-8", f"{found.slug}.html")


def _draft(slug: str) -> Draft:
    found = draft(slug)
    if found is None:
        raise Http404("No such document.")
    return found


def _attached(text: str, kind: str, name: str) -> HttpResponse:
    return HttpResponse(text, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})

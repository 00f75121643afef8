from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.authorities.access import staff_of
from evenhand.authorities.models import Authority
from evenhand.authorities.permissions import MANAGE_AUTHORITY
from evenhand.operations.documents.drafts import DRAFTS, DraftDocument, find_draft
from evenhand.operations.documents.page import html_document
from evenhand.public.markdown import to_html

administrators_only = staff_of(MANAGE_AUTHORITY)


@administrators_only
@require_safe
def document_list(request: HttpRequest, authority: Authority) -> HttpResponse:
    return render(request, "operations/documents/documents.html", {"authority": authority, "drafts": DRAFTS})


@administrators_only
@require_safe
def document(request: HttpRequest, authority: Authority, document: str) -> HttpResponse:
    draft = _get_draft_or_404(document)
    content = to_html(draft.write(authority.name))
    context = {"authority": authority, "draft": draft, "content": content}
    return render(request, "operations/documents/document.html", context)


@administrators_only
@require_safe
def download_markdown(request: HttpRequest, authority: Authority, document: str) -> HttpResponse:
    draft = _get_draft_or_404(document)
    return _attachment(f"{draft.write(authority.name)}\n", "text/markdown; charset=utf-8", f"{draft.slug}.md")


@administrators_only
@require_safe
def download_html(request: HttpRequest, authority: Authority, document: str) -> HttpResponse:
    draft = _get_draft_or_404(document)
    text = html_document(draft.title, draft.write(authority.name), authority)
    return _attachment(text, "text/html; charset=utf-8", f"{draft.slug}.html")


def _get_draft_or_404(slug: str) -> DraftDocument:
    draft = find_draft(slug)
    if draft is None:
        raise Http404("There is no such document.")
    return draft


def _attachment(text: str, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        text, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )

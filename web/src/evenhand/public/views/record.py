"""The public record of changes, and the proofs needed to check that it was not rewritten."""

import re

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evenhand.authorities.access import anyone
from evenhand.authorities.models import Authority
from evenhand.ledger import checkpoints
from evenhand.ledger.keys import public_pem
from evenhand.ledger.models import Checkpoint
from evenhand.page_cache.pages import cached_page
from evenhand.public import record as public_record
from evenhand.public import versions
from evenhand.public.views.decorators import authority_page
from evenhand.public.views.marks import marked, with_file_name

PLAIN_TEXT = "text/plain; charset=utf-8"
POSITIVE_NUMBER = re.compile(r"[1-9][0-9]{0,17}")


@cached_page(versions.record_of_authority, query={"page": "[1-9][0-9]?"})
@authority_page
def record(request: HttpRequest, authority: Authority) -> HttpResponse:
    statement = checkpoints.latest(authority.id)
    context = {
        "authority": authority,
        "statement": statement,
        "events": public_record.public_events(authority, request.GET.get("page", ""), statement),
    }
    return render(request, "public/record.html", context)


@cached_page(versions.record_of_authority)
@authority_page
def checkpoint(request: HttpRequest, authority: Authority) -> HttpResponse:
    return with_file_name(HttpResponse(_latest(authority).note, content_type=PLAIN_TEXT), authority, "checkpoint.txt")


@authority_page
def entry(request: HttpRequest, authority: Authority, position: str) -> HttpResponse:
    """Return the proof of an entry. An entry without a signed statement gets a 404, so that work cannot be watched."""
    try:
        statement = _statement(authority, request.GET.get("size"))
    except ValueError as error:
        return _bad_request(error)
    if not POSITIVE_NUMBER.fullmatch(position) or int(position) > statement.size:
        raise Http404
    return _json(marked(public_record.inclusion_proof(authority, int(position), statement), authority))


@authority_page
def consistency(request: HttpRequest, authority: Authority) -> HttpResponse:
    """Return the proof between two signed statements, by default the first and the latest."""
    try:
        later = _statement(authority, request.GET.get("to"))
        earlier = _statement(authority, request.GET.get("from"), first=True)
    except ValueError as error:
        return _bad_request(error)
    if earlier.size > later.size:
        return _bad_request(ValueError(_("“from” must not be larger than “to”.")))
    return _json(marked(public_record.consistency_proof(authority, earlier, later), authority))


@anyone
@require_safe
def key(request: HttpRequest) -> HttpResponse:
    return HttpResponse(public_pem(), content_type=PLAIN_TEXT)


def _latest(authority: Authority) -> Checkpoint:
    statement = checkpoints.latest(authority.id)
    if statement is None:
        raise Http404
    return statement


def _statement(authority: Authority, size: str | None, *, first: bool = False) -> Checkpoint:
    latest = _latest(authority)
    if size is None:
        return checkpoints.first(authority.id) or latest if first else latest
    if not POSITIVE_NUMBER.fullmatch(size):
        raise ValueError(
            _("“size”, “from” and “to” must be whole numbers, as on the second line of a signed statement.")
        )
    statement = checkpoints.of_size(authority.id, int(size))
    if statement is None:
        raise ValueError(_("There is no signed statement of that size."))
    return statement


def _json(content: dict[str, object]) -> HttpResponse:
    return JsonResponse(content, json_dumps_params={"indent": 2})


def _bad_request(error: ValueError) -> HttpResponse:
    return JsonResponse({"error": str(error)}, status=400)

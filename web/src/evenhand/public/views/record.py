"""The record of changes as everyone may read it, and what is needed to check that nobody rewrote it."""

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
from evenhand.public import record as public_record
from evenhand.public.views.addresses import of_authority

PLAIN = "text/plain; charset=utf-8"
NUMBER = re.compile(r"[1-9][0-9]{0,17}")


@of_authority
def record(request: HttpRequest, authority: Authority) -> HttpResponse:
    statement = checkpoints.latest(authority.id)
    context = {
        "authority": authority,
        "statement": statement,
        "happened": public_record.happened(authority, request.GET.get("page", ""), statement),
    }
    return render(request, "public/record.html", context)


@of_authority
def checkpoint(request: HttpRequest, authority: Authority) -> HttpResponse:
    return HttpResponse(_latest(authority).note, content_type=PLAIN)


@of_authority
def entry(request: HttpRequest, authority: Authority, position: str) -> HttpResponse:
    """What no signed statement covers yet is not here yet, so that nobody can watch a draft being worked on."""
    try:
        statement = _statement(authority, request.GET.get("size"))
    except ValueError as wrong:
        return _wrong(wrong)
    if not NUMBER.fullmatch(position) or int(position) > statement.size:
        raise Http404
    return _json(public_record.proof(authority, int(position), statement))


@of_authority
def consistency(request: HttpRequest, authority: Authority) -> HttpResponse:
    """Between two statements that were issued; left out, the first and the latest."""
    try:
        later = _statement(authority, request.GET.get("to"))
        earlier = _statement(authority, request.GET.get("from"), first=True)
    except ValueError as wrong:
        return _wrong(wrong)
    if earlier.size > later.size:
        return _wrong(ValueError(_("“from” is larger than “to”.")))
    return _json(public_record.growth(authority, earlier, later))


@anyone
@require_safe
def key(request: HttpRequest) -> HttpResponse:
    return HttpResponse(public_pem(), content_type=PLAIN)


def _latest(authority: Authority) -> Checkpoint:
    found = checkpoints.latest(authority.id)
    if found is None:
        raise Http404
    return found


def _statement(authority: Authority, size: str | None, *, first: bool = False) -> Checkpoint:
    latest = _latest(authority)
    if size is None:
        return checkpoints.first(authority.id) or latest if first else latest
    if not NUMBER.fullmatch(size):
        raise ValueError(_("A size is a whole number, as it stands in the second line of a signed statement."))
    found = checkpoints.of_size(authority.id, int(size))
    if found is None:
        raise ValueError(_("No statement was signed at that size."))
    return found


def _json(answer: dict[str, object]) -> HttpResponse:
    return JsonResponse(answer, json_dumps_params={"indent": 2})


def _wrong(fault: ValueError) -> HttpResponse:
    return JsonResponse({"error": str(fault)}, status=400)

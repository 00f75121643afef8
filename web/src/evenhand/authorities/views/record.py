"""The record of changes for those who work at an authority: who did what, when, why, and what happened to a thing."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from evenhand.authorities.access import staff_of
from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Permission
from evenhand.authorities.words import KINDS, NOBODY, doers, kind_of, to_show, words
from evenhand.ledger.models import Entry
from evenhand.ledger.queries import entries_of, has_details

ON_A_PAGE = 50
LONGEST_SEARCH = 100
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


class Search(forms.Form):
    who = forms.CharField(required=False, max_length=LONGEST_SEARCH, label=_("Who (part of the name)"))
    what = forms.ChoiceField(required=False, label=_("What"))
    about = forms.CharField(required=False, max_length=LONGEST_SEARCH, label=_("About (a kind of thing, or its id)"))
    since = forms.DateField(
        required=False, label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        required=False, label=_("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, asked: Mapping[str, Any], actions: Iterable[str]) -> None:
        super().__init__(asked)
        known = sorted((str(words(each)), each) for each in actions)
        self.fields["what"].choices = [("", _("Anything")), *((name, said) for said, name in known)]  # type: ignore[attr-defined]

    def narrowed(self, entries: QuerySet[Entry]) -> QuerySet[Entry]:
        """Only what was asked for rightly narrows it down; the form says what was wrong with the rest."""
        self.is_valid()
        asked = self.cleaned_data
        if who := asked.get("who"):
            entries = entries.filter(actor_id__in=list(_called(who)))
        if what := asked.get("what"):
            entries = entries.filter(action=what)
        if about := asked.get("about"):
            entries = entries.filter(_is_about(about))
        if since := asked.get("since"):
            entries = entries.filter(at__gte=_begins(since))
        if until := asked.get("until"):
            entries = entries.filter(at__lt=_begins(until + timedelta(days=1)))
        return entries


@dataclass(frozen=True)
class Line:
    entry: Entry
    who: str | Promise
    what: str | Promise
    kind: str | Promise
    reason: str
    erased: bool


@dataclass(frozen=True)
class Side:
    """A detail before and after, in words."""

    name: str
    before: str
    after: str


@staff_of(Permission.SEE_RECORD)
@require_safe
def record(request: HttpRequest, authority: Authority) -> HttpResponse:
    standing = entries_of(authority.id)
    actions = standing.order_by("action").values_list("action", flat=True).distinct()
    asked = request.GET.dict()
    search = Search(asked, actions)
    page = Paginator(search.narrowed(standing), ON_A_PAGE).get_page(asked.get("page"))
    searched = {name: value for name, value in asked.items() if value and name in search.fields}
    context = {"authority": authority, "form": search, "page": page, "lines": lines(page), "searched": searched}
    return render(request, "authorities/record.html", context)


@staff_of(Permission.SEE_RECORD)
@require_safe
def entry(request: HttpRequest, authority: Authority, entry: UUID) -> HttpResponse:
    found = entries_of(authority.id).filter(id=entry).first()
    if found is None:
        raise Http404
    (line,) = lines([found])
    context = {"authority": authority, "line": line, "sides": _sides(found)}
    return render(request, "authorities/record_entry.html", context)


@staff_of(Permission.SEE_RECORD)
@require_safe
def about(request: HttpRequest, authority: Authority, subject: UUID) -> HttpResponse:
    """What happened to a thing, as far as this authority's record tells."""
    entries = entries_of(authority.id).filter(subject_id=subject)
    page = Paginator(entries, ON_A_PAGE).get_page(request.GET.get("page"))
    if not page.object_list:
        raise Http404
    found = lines(page)
    context = {"authority": authority, "page": page, "lines": found, "kind": found[0].kind, "subject": subject}
    return render(request, "authorities/record_about.html", context)


def lines(entries: Iterable[Entry]) -> list[Line]:
    listed = list(entries)
    names = doers(listed)
    return [
        Line(
            entry=each,
            who=names.get(each.actor_id, NOBODY),
            what=words(each.action),
            kind=kind_of(each),
            reason=each.payload.content.get("reason", "") if has_details(each) else "",
            erased=not has_details(each),
        )
        for each in listed
    ]


def _called(name: str) -> QuerySet[User, UUID]:
    found = User.objects.all()
    for word in name.split():
        found = found.filter(name__icontains=word)
    return found.values_list("id", flat=True)


def _is_about(text: str) -> Q:
    """An id, or part of a kind as the page or the program calls it."""
    try:
        return Q(subject_id=UUID(text))
    except ValueError:
        shown = [kind for kind, said in KINDS.items() if text.lower() in str(said).lower()]
        return Q(subject_kind__icontains=text) | Q(subject_kind__in=shown)


def _begins(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _sides(entry: Entry) -> list[Side]:
    if not has_details(entry):
        return []
    content = to_show(entry.action, entry.payload.content)
    before, after = content.get("before") or {}, content.get("after") or {}
    names = _names(content)
    return [
        Side(name.replace("_", " "), _shown(before, name, names), _shown(after, name, names))
        for name in dict.fromkeys((*before, *after))
    ]


def _shown(side: Mapping[str, Any], name: str, names: Mapping[str, str]) -> str:
    if name not in side:
        return ""
    value = side[name]
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if not isinstance(value, str):
        return _readable(value)
    return _in_britain(value) if MOMENT.fullmatch(value) else names.get(value, value)


def _in_britain(moment: str) -> str:
    try:
        return date_format(timezone.localtime(datetime.fromisoformat(moment)), "j F Y, H:i:s")
    except (ValueError, OverflowError):
        return moment  # it looked like one


def _readable(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _names(content: Mapping[str, Any]) -> dict[str, str]:
    """The people whose ids stand among the details, by name."""
    ids = [each for side in ("before", "after") for each in (content.get(side) or {}).values() if _is_id(each)]
    return {str(person.id): person.name for person in User.objects.filter(id__in=ids)}


def _is_id(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(UUID(value))
    except ValueError:
        return False

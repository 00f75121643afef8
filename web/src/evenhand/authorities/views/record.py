"""The record of changes for staff: the searchable list, a single entry, and the history of one subject."""

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
from evenhand.authorities.words import (
    SUBJECT_KINDS,
    UNKNOWN_PERSON,
    actor_names,
    describe_action,
    describe_subject_kind,
    displayed_content,
)
from evenhand.ledger.models import Entry
from evenhand.ledger.queries import entries_of, has_details

ENTRIES_PER_PAGE = 50
LONGEST_SEARCH = 100
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


class RecordSearchForm(forms.Form):
    who = forms.CharField(required=False, max_length=LONGEST_SEARCH, label=_("Person (any part of the name)"))
    what = forms.ChoiceField(required=False, label=_("Action"))
    about = forms.CharField(
        required=False, max_length=LONGEST_SEARCH, label=_("Subject (its type, such as “publication”, or its ID)")
    )
    since = forms.DateField(
        required=False, label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        required=False, label=_("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, query: Mapping[str, Any], actions: Iterable[str]) -> None:
        super().__init__(query)
        choices = sorted((str(describe_action(action)), action) for action in actions)
        self.fields["what"].choices = [("", _("Any action")), *((action, text) for text, action in choices)]  # type: ignore[attr-defined]

    def filter(self, entries: QuerySet[Entry]) -> QuerySet[Entry]:
        """Apply the valid fields only; the form shows the errors of the others."""
        self.is_valid()
        query = self.cleaned_data
        if name := query.get("who"):
            entries = entries.filter(actor_id__in=list(_ids_of_people_called(name)))
        if action := query.get("what"):
            entries = entries.filter(action=action)
        if subject := query.get("about"):
            entries = entries.filter(_has_subject(subject))
        if since := query.get("since"):
            entries = entries.filter(at__gte=_start_of_day(since))
        if until := query.get("until"):
            entries = entries.filter(at__lt=_start_of_day(until + timedelta(days=1)))
        return entries


@dataclass(frozen=True)
class RecordLine:
    """An entry as a row of the list."""

    entry: Entry
    actor: str | Promise
    description: str | Promise
    subject_kind: str | Promise
    reason: str
    is_erased: bool


@dataclass(frozen=True)
class ChangedDetail:
    """A detail before and after the change, as text."""

    name: str
    before: str
    after: str


@staff_of(Permission.SEE_RECORD)
@require_safe
def record(request: HttpRequest, authority: Authority) -> HttpResponse:
    entries = entries_of(authority.id)
    actions = entries.order_by("action").values_list("action", flat=True).distinct()
    query = request.GET.dict()
    form = RecordSearchForm(query, actions)
    page = Paginator(form.filter(entries), ENTRIES_PER_PAGE).get_page(query.get("page"))
    search = {name: value for name, value in query.items() if value and name in form.fields}
    context = {"authority": authority, "form": form, "page": page, "lines": record_lines(page), "search": search}
    return render(request, "authorities/record.html", context)


@staff_of(Permission.SEE_RECORD)
@require_safe
def entry(request: HttpRequest, authority: Authority, entry: UUID) -> HttpResponse:
    record_entry = entries_of(authority.id).filter(id=entry).first()
    if record_entry is None:
        raise Http404
    (line,) = record_lines([record_entry])
    context = {"authority": authority, "line": line, "details": _changed_details(record_entry)}
    return render(request, "authorities/record_entry.html", context)


@staff_of(Permission.SEE_RECORD)
@require_safe
def about(request: HttpRequest, authority: Authority, subject: UUID) -> HttpResponse:
    """The history of one subject in this authority's record."""
    entries = entries_of(authority.id).filter(subject_id=subject)
    page = Paginator(entries, ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
    if not page.object_list:
        raise Http404
    lines = record_lines(page)
    context = {
        "authority": authority,
        "page": page,
        "lines": lines,
        "subject_kind": lines[0].subject_kind,
        "subject": subject,
    }
    return render(request, "authorities/record_about.html", context)


def record_lines(entries: Iterable[Entry]) -> list[RecordLine]:
    entries = list(entries)
    names = actor_names(entries)
    return [
        RecordLine(
            entry=entry,
            actor=names.get(entry.actor_id, UNKNOWN_PERSON),
            description=describe_action(entry.action),
            subject_kind=describe_subject_kind(entry),
            reason=entry.payload.content.get("reason", "") if has_details(entry) else "",
            is_erased=not has_details(entry),
        )
        for entry in entries
    ]


def _ids_of_people_called(name: str) -> QuerySet[User, UUID]:
    people = User.objects.all()
    for word in name.split():
        people = people.filter(name__icontains=word)
    return people.values_list("id", flat=True)


def _has_subject(text: str) -> Q:
    """The text is an id, or part of a kind as it is shown or as it is stored."""
    try:
        return Q(subject_id=UUID(text))
    except ValueError:
        kinds = [kind for kind, label in SUBJECT_KINDS.items() if text.lower() in str(label).lower()]
        return Q(subject_kind__icontains=text) | Q(subject_kind__in=kinds)


def _start_of_day(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _changed_details(entry: Entry) -> list[ChangedDetail]:
    if not has_details(entry):
        return []
    content = displayed_content(entry.action, entry.payload.content)
    before, after = content.get("before") or {}, content.get("after") or {}
    people = _people_named_in(content)
    return [
        ChangedDetail(name.replace("_", " "), _text_of(before, name, people), _text_of(after, name, people))
        for name in dict.fromkeys((*before, *after))
    ]


def _text_of(details: Mapping[str, Any], name: str, people: Mapping[str, str]) -> str:
    if name not in details:
        return ""
    value = details[name]
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False, indent=2)
    return _local_time(value) if TIMESTAMP.fullmatch(value) else people.get(value, value)


def _local_time(timestamp: str) -> str:
    try:
        return date_format(timezone.localtime(datetime.fromisoformat(timestamp)), "j F Y, H:i:s")
    except (ValueError, OverflowError):
        return timestamp  # not a timestamp after all


def _people_named_in(content: Mapping[str, Any]) -> dict[str, str]:
    """The names of the people whose ids are among the details, by id."""
    ids = [value for side in ("before", "after") for value in (content.get(side) or {}).values() if _is_uuid(value)]
    return {str(person.id): person.name for person in User.objects.filter(id__in=ids)}


def _is_uuid(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(UUID(value))
    except ValueError:
        return False

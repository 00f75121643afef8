"""The record of changes for staff: the searchable list, a single entry, and the history of one subject."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from evenhand.authorities.access import person_of, staff_of
from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import SEE_RECORD
from evenhand.authorities.record_words import RecordLine, changed_details, describe_action, record_lines
from evenhand.ledger.models import Entry
from evenhand.ledger.queries import entries_of
from evenhand.modules import registry

ENTRIES_PER_PAGE = 50
LONGEST_SEARCH = 100
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


class RecordSearchForm(forms.Form):
    who = forms.CharField(required=False, max_length=LONGEST_SEARCH, label=_("Person (any part of the name)"))
    what = forms.ChoiceField(required=False, label=_("Action"))
    about = forms.CharField(
        required=False,
        max_length=LONGEST_SEARCH,
        label=_("Type of subject, such as “publication”, or the ID on its history page"),
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


@staff_of(SEE_RECORD)
@require_safe
def record(request: HttpRequest, authority: Authority) -> HttpResponse:
    entries = entries_of(authority.id)
    actions = entries.order_by("action").values_list("action", flat=True).distinct()
    query = request.GET.dict()
    form = RecordSearchForm(query, actions)
    page = Paginator(form.filter(entries), ENTRIES_PER_PAGE).get_page(query.get("page"))
    search = {name: value for name, value in query.items() if value and name in form.fields}
    lines = record_lines(page, person=person_of(request), authority=authority)
    context = {
        "authority": authority,
        "form": form,
        "page": page,
        "lines": lines,
        "shows_reasons": _have_reasons(lines),
        "search": search,
        "query": urlencode(search),
    }
    return render(request, "authorities/record.html", context)


@staff_of(SEE_RECORD)
@require_safe
def entry(request: HttpRequest, authority: Authority, entry: UUID) -> HttpResponse:
    record_entry = entries_of(authority.id).filter(id=entry).first()
    if record_entry is None:
        raise Http404
    (line,) = record_lines([record_entry], person=person_of(request), authority=authority)
    context = {
        "authority": authority,
        "line": line,
        "details": changed_details(record_entry, person=person_of(request), authority=authority),
    }
    return render(request, "authorities/record_entry.html", context)


@staff_of(SEE_RECORD)
@require_safe
def about(request: HttpRequest, authority: Authority, subject: UUID) -> HttpResponse:
    """The history of one subject in this authority's record."""
    entries = entries_of(authority.id).filter(subject_id=subject)
    page = Paginator(entries, ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
    if not page.object_list:
        raise Http404
    lines = record_lines(page, person=person_of(request), authority=authority)
    context = {
        "authority": authority,
        "page": page,
        "lines": lines,
        "shows_reasons": _have_reasons(lines),
        "subject_kind": lines[0].subject_kind,
        "subject_name": lines[0].subject,
        "subject": subject,
    }
    return render(request, "authorities/record_about.html", context)


def _have_reasons(lines: Iterable[RecordLine]) -> bool:
    """Whether any of the lines has something in the column of reasons."""
    return any(line.reason or line.is_erased for line in lines)


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
        kinds = [kind.kind for kind in registry.subject_kinds().values() if text.lower() in str(kind.label).lower()]
        return Q(subject_kind__icontains=text) | Q(subject_kind__in=kinds)


def _start_of_day(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))

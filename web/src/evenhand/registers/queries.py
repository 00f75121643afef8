"""Lists of records: what is looked for, filtered and sorted by the address of the page."""

from dataclasses import dataclass
from typing import Any

import django_filters
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest

from evenhand.authorities.models import Authority
from evenhand.registers.register import Column, Register, RegisterFault, belongs_to_authorities

LONGEST_SEARCH = 200


@dataclass(frozen=True)
class RecordList:
    """The records that an address asks for, and how it asks."""

    records: QuerySet[Any]
    filterset: django_filters.FilterSet
    words: str
    sort: str
    is_narrowed: bool  # by words or by a filter


def record_list(register: Register, authority: Authority, request: HttpRequest) -> RecordList:
    records = register.records_of(authority)
    filterset = register.filters(request.GET, queryset=records, request=request)
    for one_filter in filterset.filters.values():
        if isinstance(one_filter, django_filters.ModelChoiceFilter):
            one_filter.queryset = _own(one_filter.queryset, authority)
    if filterset.is_valid():
        records = filterset.qs
    words = request.GET.get("q", "")[:LONGEST_SEARCH].strip()
    for word in words.split():
        records = records.filter(_contains(register, word))
    sort = request.GET.get("sort", "")
    records = _sorted(register, records, sort)
    narrowed = bool(words) or any(request.GET.get(name) for name in filterset.filters)
    return RecordList(records, filterset, words, sort, narrowed)


def _own(records: QuerySet[Any], authority: Authority) -> QuerySet[Any]:
    """Those of the authority: a filter never offers another's."""
    if not belongs_to_authorities(records.model):
        raise RegisterFault(f"A filter cannot offer {records.model._meta.verbose_name_plural}: they have no authority.")
    return records.filter(authority=authority)


def _contains(register: Register, word: str) -> Q:
    contains = Q()
    for name in register.search:
        contains |= Q(**{f"{name}__icontains": word})
    digits = word.rpartition("-")[2]
    if register.has_numbers and digits.isascii() and digits.isdecimal():
        contains |= Q(number=int(digits[:9]))
    return contains


def _sorted(register: Register, records: QuerySet[Any], sort: str) -> QuerySet[Any]:
    """By the column that the address names, and always by something that makes the order definite."""
    name = sort.removeprefix("-")
    column = next((column for column in register.columns if column.sort and column.name == name), None)
    last = "number" if register.has_numbers else "id"
    if column is None:
        return records.order_by(*(register.model._meta.ordering or ()), last)
    field = F(column.sort)
    order = field.desc(nulls_last=True) if sort.startswith("-") else field.asc(nulls_last=True)
    return records.order_by(order, last)


@dataclass(frozen=True)
class SortLink:
    column: Column
    target: str  # what to sort by next: this column, or the other way round if the list is sorted by it already
    direction: str  # ascending, descending or empty


def sort_links(register: Register, sort: str) -> list[SortLink]:
    links = []
    for column in register.columns:
        if column.only_in_file:
            continue
        if not column.sort:
            links.append(SortLink(column, "", ""))
            continue
        direction = {column.name: "ascending", f"-{column.name}": "descending"}.get(sort, "")
        target = f"-{column.name}" if direction == "ascending" else column.name
        links.append(SortLink(column, target, direction))
    return links

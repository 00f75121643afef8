"""The list of a register, and the same list as a file."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evenhand.authorities.access import StaffView, person_of, staff_of
from evenhand.authorities.models import Authority
from evenhand.authorities.permissions import may
from evenhand.registers import files
from evenhand.registers.display import shown
from evenhand.registers.queries import record_list, sort_links
from evenhand.registers.register import Register

RECORDS_PER_PAGE = 50
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: dict[str, tuple[Callable[..., bytes], str]] = {
    "csv": (files.to_csv, CSV_TYPE),
    "xlsx": (files.to_xlsx, XLSX_TYPE),
}


def list_view(register: Register) -> StaffView:
    @staff_of(register.see)
    @require_safe
    def view(request: HttpRequest, authority: Authority) -> HttpResponse:
        asked = record_list(register, authority, request)
        page = Paginator(asked.records, RECORDS_PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "authority": authority,
            "register": register,
            "words": register.words,
            "asked": asked,
            "page": page,
            "rows": [_row(register, authority, record) for record in page],
            "columns": [
                (link.column, _address(request, sort=link.target) if link.target else "", link.direction)
                for link in sort_links(register, asked.sort)
            ],
            "query": _without(request, "page").urlencode(),
            "add_url": register.url("add", authority),
            "list_url": register.url("list", authority),
            "file_urls": {name: register.url("file", authority, name) for name in FORMATS},
            "sheet_url": register.url("sheet", authority) if register.sheet_columns else "",
            "may_edit": may(person_of(request), register.edit, authority).allowed and not authority.is_closed,
        }
        return render(request, "registers/list.html", context)

    return view


def file_view(register: Register) -> StaffView:
    @staff_of(register.see)
    @require_safe
    def view(request: HttpRequest, authority: Authority, form: str) -> HttpResponse:
        write, content_type = FORMATS[form]
        asked = record_list(register, authority, request)
        content = write(register, authority, asked.records)
        day = timezone.localdate().isoformat()
        response = HttpResponse(content, content_type=content_type)
        response["Content-Disposition"] = f'attachment; filename="{register.key}-{authority.slug}-{day}.{form}"'
        return response

    return view


def _row(register: Register, authority: Authority, record: Any) -> dict[str, Any]:
    in_list = (column for column in register.columns if not column.only_in_file)
    first, *others = ((column, shown(column.value(record))) for column in in_list)
    return {"url": register.url("detail", authority, record.id), "name": first[1], "cells": others}


def _without(request: HttpRequest, name: str) -> Any:
    query = request.GET.copy()
    query.pop(name, None)
    return query


def _address(request: HttpRequest, **values: str) -> str:
    query = _without(request, "page")
    for name, value in values.items():
        query[name] = value
    return f"?{query.urlencode()}"

"""The addresses of a register, for the urls.py of the module that has it."""

from django.urls import URLPattern, path, register_converter

from evenhand.registers.register import Register
from evenhand.registers.views.lists import FORMATS, file_view, list_view
from evenhand.registers.views.records import AddRecordView, ChangeRecordView, StepView, detail_view
from evenhand.registers.views.sheets import preview_view, upload_view


class FormatConverter:
    """A format that lists can be downloaded in."""

    regex = "|".join(FORMATS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FormatConverter, "format")


def urls_of(register: Register, prefix: str) -> list[URLPattern]:
    """Under `prefix` within the pages of an authority: "actions/" for /work/AUTHORITY/actions/."""
    base = f"<slug:authority>/{prefix}"
    record = f"{base}<uuid:record_id>/"
    key = register.key
    patterns = [
        path(base, list_view(register), name=f"{key}_list"),
        path(f"{base}add/", AddRecordView.of(register), name=f"{key}_add"),
        path(f"{base}file.<format:form>", file_view(register), name=f"{key}_file"),
        path(record, detail_view(register), name=f"{key}_detail"),
        path(f"{record}change/", ChangeRecordView.of(register), name=f"{key}_edit"),
    ]
    if register.sheet_columns:
        patterns += [
            path(f"{base}sheet/", upload_view(register), name=f"{key}_sheet"),
            path(f"{base}sheet/<uuid:sheet>/", preview_view(register), name=f"{key}_preview"),
        ]
    if register.states is not None:
        patterns.append(path(f"{record}<slug:step>/", StepView.of(register), name=f"{key}_step"))
    return patterns

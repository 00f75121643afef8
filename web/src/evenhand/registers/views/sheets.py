"""Uploading a sheet to a register: it is checked first, then shown as what would change, and imported on a button."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from evenhand.authorities.access import StaffView, bound_data, person_of, staff_of
from evenhand.authorities.errors import NotPossible
from evenhand.authorities.models import Authority
from evenhand.registers import actions
from evenhand.registers.models import StagedSheet
from evenhand.registers.register import Register
from evenhand.registers.sheets.checking import SheetCheck, check_sheet
from evenhand.registers.sheets.reading import UnreadableSheet, read_sheet
from evenhand.registers.sheets.staging import KEPT_FOR, stage

PROBLEMS_SHOWN, ROWS_SHOWN = 100, 200


class SheetForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("CSV or Excel file"),
        help_text=gettext_lazy("At most 5,000 rows. Nothing is imported until you have seen what it would change."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file.")},
    )


def upload_view(register: Register) -> StaffView:
    @staff_of(register.edit)
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest, authority: Authority) -> HttpResponse:
        form = SheetForm(bound_data(request), request.FILES or None)
        check: SheetCheck | None = None
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                sheet = read_sheet(file.read(), file.name)
                check = check_sheet(register, authority, sheet)
            except UnreadableSheet as error:
                form.add_error("file", str(error))
            else:
                if not check.problems:
                    staged = stage(register, authority, person_of(request), file.name, sheet, check)
                    return redirect(register.url("preview", authority, staged.id))
        problems = check.problems if check else ()
        context = {
            "authority": authority,
            "register": register,
            "words": register.words,
            "form": form,
            "has_errors": bool(problems),
            "problems": problems[:PROBLEMS_SHOWN],
            "more_problems": max(0, len(problems) - PROBLEMS_SHOWN),
            "columns": register.sheet_columns,
            "needed": next(
                column.label for column in register.sheet_columns if column.field == register.sheet_name_field
            ),
            "list_url": register.url("list", authority),
            "file_url": register.url("file", authority, "xlsx"),
        }
        return render(request, "registers/sheet_upload.html", context)

    return view


def preview_view(register: Register) -> StaffView:
    @staff_of(register.edit)
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest, authority: Authority, sheet: UUID) -> HttpResponse:
        staged = _staged(register, authority, request, sheet)
        if staged is None:
            context = {
                "authority": authority,
                "words": register.words,
                "list_url": register.url("list", authority),
                "sheet_url": register.url("sheet", authority),
            }
            return render(request, "registers/sheet_gone.html", context, status=410)
        if request.method == "POST":
            try:
                imported = actions.import_sheet(register, staged, by=person_of(request))
            except NotPossible as reason:
                messages.error(request, str(reason))
                return redirect(register.url("sheet", authority))
            messages.success(
                request,
                _("Sheet imported: %(added)d added, %(changed)d changed.")
                % {"added": imported.added, "changed": imported.changed},
            )
            return redirect(register.url("list", authority))
        new = [row for row in staged.rows if not row["record_id"]]
        changed = [row for row in staged.rows if row["record_id"]]
        context = {
            "authority": authority,
            "register": register,
            "words": register.words,
            "staged": staged,
            "new": new[:ROWS_SHOWN],
            "new_count": len(new),
            "changed": changed[:ROWS_SHOWN],
            "changed_count": len(changed),
            "list_url": register.url("list", authority),
            "sheet_url": register.url("sheet", authority),
        }
        return render(request, "registers/sheet_preview.html", context)

    return view


def _staged(register: Register, authority: Authority, request: HttpRequest, sheet: UUID) -> StagedSheet | None:
    """None if it was imported already, is too old, or is another person's: these look alike."""
    staged = StagedSheet.objects.select_related("authority").filter(
        id=sheet, authority=authority, register=register.key, person=person_of(request)
    )
    return staged.filter(uploaded_at__gt=timezone.now() - KEPT_FOR).first()

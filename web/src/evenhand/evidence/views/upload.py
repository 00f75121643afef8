"""Uploading a file of counts. A file with errors is rejected as a whole, and each error is shown with its location."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from evenhand.authorities.access import person_of, staff_of
from evenhand.authorities.models import Authority, User
from evenhand.evidence.actions import WorkforceImport, import_workforce
from evenhand.evidence.forms import WorkforceForm
from evenhand.evidence.intake import ImportFileError, read_source
from evenhand.evidence.permissions import IMPORT_EVIDENCE

PROBLEMS_SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of(IMPORT_EVIDENCE)
def upload(request: HttpRequest, authority: Authority) -> HttpResponse:
    form = WorkforceForm(request.POST, request.FILES) if request.method == "POST" else WorkforceForm()
    error: ImportFileError | None = None
    if form.is_valid():
        try:
            result = _import_uploaded(form, by=person_of(request))
        except ImportFileError as import_error:
            error = import_error
        else:
            _add_messages(request, result)
            return redirect("evidence:figures", authority=authority.slug)
    context = {
        "authority": authority,
        "form": form,
        "error": error,
        "problems": error.problems[:PROBLEMS_SHOWN] if error else (),
        "more": max(0, len(error.problems) - PROBLEMS_SHOWN) if error else 0,
    }
    return render(request, "evidence/upload.html", context)


def _import_uploaded(form: WorkforceForm, *, by: User) -> WorkforceImport:
    counts_file: UploadedFile[bytes] = form.cleaned_data["file"]
    source_file: UploadedFile[bytes] | None = form.cleaned_data["source"]
    source = read_source(source_file.read(), source_file.name or "source.toml") if source_file else None
    return import_workforce(counts_file.read(), by=by, name=counts_file.name or "counts.csv", source=source)


def _add_messages(request: HttpRequest, result: WorkforceImport) -> None:
    if stored := len(result.stored):
        message = ngettext("%(n)d year uploaded.", "%(n)d years uploaded.", stored)
        messages.success(request, message % {"n": stored})
    if existing := len(result.already_imported):
        message = ngettext(
            "%(n)d year had been uploaded before, with the same figures.",
            "%(n)d years had been uploaded before, with the same figures.",
            existing,
        )
        messages.info(request, message % {"n": existing})
    if result.unused_columns:
        columns = ", ".join(result.unused_columns)
        messages.info(
            request,
            _("These columns were checked but not stored, because no measure uses them yet: %(columns)s.")
            % {"columns": columns},
        )

"""Uploading a file of counts. A file with errors is rejected as a whole, and each error is shown with its location."""

from dataclasses import replace

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from evenhand.authorities.access import bound_data, person_of, staff_of
from evenhand.authorities.models import Authority, User
from evenhand.evidence.actions import WorkforceImport, import_workforce
from evenhand.evidence.forms import WorkforceForm
from evenhand.evidence.intake import ImportFileError, SourceDescription, read_source
from evenhand.evidence.models import REQUIRED_FACTS
from evenhand.evidence.permissions import IMPORT_EVIDENCE
from evenhand.evidence.queries import facts_not_stated

PROBLEMS_SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of(IMPORT_EVIDENCE)
def upload(request: HttpRequest, authority: Authority) -> HttpResponse:
    form = WorkforceForm(bound_data(request), request.FILES or None, needs=facts_not_stated(authority))
    error: ImportFileError | None = None
    if form.is_valid():
        try:
            result = _import_uploaded(form, by=person_of(request))
        except ImportFileError as import_error:
            error = import_error
        else:
            if result is not None:
                _add_messages(request, result)
                return redirect("evidence:figures", authority=authority.slug)
    context = {
        "authority": authority,
        "form": form,
        "error": error,
        "has_errors": error is not None,
        "problems": error.problems[:PROBLEMS_SHOWN] if error else (),
        "more": max(0, len(error.problems) - PROBLEMS_SHOWN) if error else 0,
    }
    return render(request, "evidence/upload.html", context)


def _import_uploaded(form: WorkforceForm, *, by: User) -> WorkforceImport | None:
    """Import the file. Returns None, with errors in the form, if its publisher or licence would not be stated."""
    counts_file: UploadedFile[bytes] = form.cleaned_data["file"]
    source_file: UploadedFile[bytes] | None = form.cleaned_data["source"]
    source = read_source(source_file.read(), source_file.name or "source.toml") if source_file else None
    facts = {name: form.cleaned_data[name] for name in REQUIRED_FACTS if name in form.fields}
    source = source or SourceDescription()
    for name, value in facts.items():
        described = getattr(source, name)
        if value and described and value != described:
            form.add_error(name, _("The description says “%(text)s”. Make the two agree.") % {"text": described})
        elif not value and not described:
            form.add_error(name, str(form.fields[name].error_messages["required"]))
    if form.errors:
        return None
    source = replace(source, **{name: value for name, value in facts.items() if value})
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

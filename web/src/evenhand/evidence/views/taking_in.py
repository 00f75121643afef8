"""Taking in a file of counts: whole or not at all, and every fault named by its row and column."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from evenhand.authorities.access import person_of, staff_of
from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Permission
from evenhand.evidence.actions import Imported, import_workforce
from evenhand.evidence.forms import WorkforceForm
from evenhand.evidence.intake import FileRefused, read_source

FAULTS_SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of(Permission.IMPORT_EVIDENCE)
def take_in(request: HttpRequest, authority: Authority) -> HttpResponse:
    form = WorkforceForm(request.POST, request.FILES) if request.method == "POST" else WorkforceForm()
    refused: FileRefused | None = None
    if form.is_valid():
        try:
            imported = _imported(form, by=person_of(request))
        except FileRefused as faulty:
            refused = faulty
        else:
            _say(request, imported)
            return redirect("evidence:figures", authority=authority.slug)
    context = {
        "authority": authority,
        "form": form,
        "refused": refused,
        "faults": refused.faults[:FAULTS_SHOWN] if refused else (),
        "more": max(0, len(refused.faults) - FAULTS_SHOWN) if refused else 0,
    }
    return render(request, "evidence/take_in.html", context)


def _imported(form: WorkforceForm, *, by: User) -> Imported:
    file: UploadedFile[bytes] = form.cleaned_data["file"]
    given: UploadedFile[bytes] | None = form.cleaned_data["source"]
    source = read_source(given.read(), given.name or "source.toml") if given else None
    return import_workforce(file.read(), by=by, name=file.name or "counts.csv", source=source)


def _say(request: HttpRequest, imported: Imported) -> None:
    if new := len(imported.stored):
        messages.success(request, ngettext("%(n)d year was taken in.", "%(n)d years were taken in.", new) % {"n": new})
    if held := len(imported.already_held):
        words = ngettext(
            "%(n)d year is held already, with the same figures.",
            "%(n)d years are held already, with the same figures.",
            held,
        )
        messages.info(request, words % {"n": held})
    if imported.set_aside:
        aside = ", ".join(imported.set_aside)
        messages.info(
            request, _("Checked and set aside, because no measure uses them yet: %(columns)s.") % {"columns": aside}
        )

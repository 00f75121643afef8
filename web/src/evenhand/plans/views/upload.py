"""Upload a plan file. The page lists every problem with its line, and stores a plan only if there is none."""

from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evenhand.authorities.access import person_of, staff_of
from evenhand.authorities.models import Authority
from evenhand.authorities.queries import UnknownAuthority
from evenhand.authorities.queries import authority as authority_by_slug
from evenhand.plans import actions, queries
from evenhand.plans.check import PlanCheck, check_plan
from evenhand.plans.document import PlanDocument
from evenhand.plans.example import example_text
from evenhand.plans.file_kinds import file_kind
from evenhand.plans.forms import PlanUploadForm
from evenhand.plans.permissions import EDIT_PLAN
from evenhand.plans.problems import MAX_SHOWN, PlanFileError, PlanProblem
from evenhand.plans.reading import read_plan
from evenhand.records.slugs import SlugTaken

LONGEST_LINE = 160  # characters of a line that are shown


@dataclass(frozen=True)
class UploadResult:
    """The plan that was read with its check result, or the problems of the file."""

    document: PlanDocument | None = None
    check: PlanCheck | None = None
    problems: tuple[PlanProblem, ...] = ()
    conflict: str = ""
    is_stored: bool = False  # the same text has been uploaded before
    text: str | None = ""  # None if the file is not text

    @property
    def shown_problems(self) -> tuple[tuple[PlanProblem, str], ...]:
        """Each problem with its line of the text, because the box has no line numbers."""
        lines = (self.text or "").split("\n")
        return tuple((problem, _line(lines, problem.line)) for problem in self.problems[:MAX_SHOWN])

    @property
    def more_problems(self) -> int:
        return max(0, len(self.problems) - MAX_SHOWN)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of(EDIT_PLAN)
def upload(request: HttpRequest, authority: Authority) -> HttpResponse:
    """Check a plan. If the person asks to save it and it has no problems, save it as a draft."""
    if request.method != "POST":
        return _page(request, authority, PlanUploadForm(), UploadResult())
    form = PlanUploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, authority, form, UploadResult())
    data, name = form.content_and_name
    result = _read(data, name, authority)
    if result.document is not None and not result.conflict and "keep" in request.POST:
        try:
            imported = actions.import_plan(data, by=person_of(request), name=name)
        except (queries.PlanConflict, SlugTaken) as error:
            result = replace(result, conflict=str(error))
        else:
            if imported.already_stored:
                message = _("“%(title)s” has been uploaded before, with the same text. Nothing was changed.")
            else:
                message = _(
                    "“%(title)s” has been uploaded as a draft. A colleague with the Approver role can publish it."
                )
            messages.success(request, message % {"title": imported.plan.title})
            return redirect("plans:plan", authority=authority.slug, plan=imported.plan.slug)
    # Show the text in the box, where it can be corrected: a browser does not fill in a file field again.
    text = form.cleaned_data["text"] if result.text is None else result.text
    return _page(request, authority, PlanUploadForm(initial={"text": text}), result)


def _line(lines: list[str], number: int | None) -> str:
    """The text of a line, shortened; empty if there is no such line."""
    line = lines[number - 1].strip() if number and number <= len(lines) else ""
    return f"{line[:LONGEST_LINE]}…" if len(line) > LONGEST_LINE else line


def _read(data: bytes, name: str, authority: Authority) -> UploadResult:
    """Read the plan and check everything that the upload would check."""
    is_text = not file_kind(data) and not data.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = data.decode("utf-8-sig", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}") if is_text else None
    return replace(_check(data, name, authority), text=text)


def _check(data: bytes, name: str, authority: Authority) -> UploadResult:
    try:
        document = read_plan(data, name)
    except PlanFileError as error:
        return UploadResult(problems=error.problems)
    if not _belongs_to(document, authority):
        slugs = {"named": document.authority, "slug": authority.slug}
        description = _("the plan is for the authority “%(named)s”, but you are uploading it for “%(slug)s”") % slugs
        fix = _("Change the line to “authority: %(slug)s”.") % slugs
        return UploadResult(problems=(PlanProblem(_("the whole file"), "authority", description, fix),))
    try:
        stored = queries.stored_plan(document, authority)
    except (queries.PlanConflict, SlugTaken) as error:
        return UploadResult(document, check_plan(document), conflict=str(error))
    return UploadResult(document, check_plan(document), is_stored=stored is not None)


def _belongs_to(document: PlanDocument, authority: Authority) -> bool:
    try:
        return authority_by_slug(document.authority).id == authority.id
    except UnknownAuthority:
        return False


def _page(request: HttpRequest, authority: Authority, form: PlanUploadForm, result: UploadResult) -> HttpResponse:
    context = {
        "authority": authority,
        "form": form,
        "result": result,
        "has_errors": bool(result.problems or result.conflict),
        "example": example_text(authority.slug),
    }
    return render(request, "plans/upload.html", context)

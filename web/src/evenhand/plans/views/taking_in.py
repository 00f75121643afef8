"""Taking in a plan file. Everything that is wrong with it is said at once, with its line; nothing is stored half."""

from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evenhand.authorities.access import person_of, staff_of
from evenhand.authorities.models import Authority
from evenhand.authorities.permissions import Permission
from evenhand.authorities.queries import UnknownAuthority
from evenhand.authorities.queries import authority as authority_called
from evenhand.plans import actions
from evenhand.plans.check import PlanCheck, check_plan
from evenhand.plans.document import PlanDocument
from evenhand.plans.forms import PlanForm
from evenhand.plans.problems import SHOWN_AT_MOST, PlanFileError, Problem
from evenhand.plans.reading import read_plan
from evenhand.records.slugs import SlugTaken


@dataclass(frozen=True)
class Reading:
    """What was made of what somebody sent: a plan with its check, or what is wrong with it."""

    document: PlanDocument | None = None
    check: PlanCheck | None = None
    problems: tuple[Problem, ...] = ()
    refused: str = ""

    @property
    def with_measure(self) -> int:
        return self.check.total("measure").objectives if self.check else 0

    @property
    def shown(self) -> tuple[Problem, ...]:
        return self.problems[:SHOWN_AT_MOST]

    @property
    def more(self) -> int:
        return max(0, len(self.problems) - SHOWN_AT_MOST)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_of(Permission.EDIT_PLAN)
def take_in(request: HttpRequest, authority: Authority) -> HttpResponse:
    """Check a plan, and if the person asks for it and nothing is wrong, keep it as a draft."""
    if request.method != "POST":
        return _page(request, authority, PlanForm(), Reading())
    form = PlanForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, authority, form, Reading())
    data, name = form.given
    reading = _read(data, name, authority)
    if reading.document is not None and "keep" in request.POST:
        try:
            imported = actions.import_plan(data, by=person_of(request), name=name)
        except (actions.PlanDiffers, SlugTaken) as refused:
            reading = replace(reading, refused=str(refused))
        else:
            held = _("“%(title)s” is held already, with the same words.")
            new = _("“%(title)s” is taken in as a draft. Next someone with the role Approver publishes it.")
            messages.success(request, (held if imported.already_held else new) % {"title": imported.plan.title})
            return redirect("plans:plan", authority=authority.slug, plan=imported.plan.slug)
    # The text goes into the box, where it can be mended; a browser can't be given its file back.
    text = data.decode("utf-8-sig", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
    return _page(request, authority, PlanForm(initial={"text": text}), reading)


def _read(data: bytes, name: str, authority: Authority) -> Reading:
    try:
        document = read_plan(data, name)
    except PlanFileError as faulty:
        return Reading(problems=faulty.problems)
    if not _is_of(document, authority):
        what = _("it names the authority “%(named)s”, and this page takes in plans of “%(here)s” alone")
        words = what % {"named": document.authority, "here": authority.slug}
        mend = _("Write “authority: %(here)s”.") % {"here": authority.slug}
        return Reading(problems=(Problem(_("the whole file"), "authority", words, mend),))
    return Reading(document, check_plan(document))


def _is_of(document: PlanDocument, authority: Authority) -> bool:
    try:
        return authority_called(document.authority).id == authority.id
    except UnknownAuthority:
        return False


def _page(request: HttpRequest, authority: Authority, form: PlanForm, reading: Reading) -> HttpResponse:
    return render(request, "plans/take_in.html", {"authority": authority, "form": form, "reading": reading})

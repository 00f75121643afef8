"""The pages of one record: what it says, its forms, its steps and its history."""

from collections.abc import Sequence
from copy import copy
from typing import Any, ClassVar, cast
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from evenhand.authorities.access import StaffView, person_of, staff_of
from evenhand.authorities.models import Authority
from evenhand.authorities.permissions import may
from evenhand.authorities.views.form_view import Breadcrumb, StaffFormView
from evenhand.registers import actions
from evenhand.registers.display import shown, shown_field
from evenhand.registers.errors import EditConflict
from evenhand.registers.forms import StepForm, form_class
from evenhand.registers.history import shown_history
from evenhand.registers.models import Record
from evenhand.registers.register import Register
from evenhand.registers.states import Transition


def detail_view(register: Register) -> StaffView:
    @staff_of(register.see)
    @require_safe
    def view(request: HttpRequest, authority: Authority, record_id: UUID) -> HttpResponse:
        record = _record_or_404(register, authority, record_id)
        person, state = person_of(request), getattr(record, "state", "")
        steps = register.states.out_of(state) if register.states else []
        context = {
            "authority": authority,
            "register": register,
            "words": register.words,
            "record": record,
            "state": register.states[state].label if register.states else "",
            "fields": [(register.label(name), shown_field(record, name)) for name in register.fields],
            "steps": [
                (step, register.url("step", authority, record.id, step.name))
                for step in steps
                if may(person, step.permission, authority).allowed and not authority.is_closed
            ],
            "history": shown_history(register, record),
            "list_url": register.url("list", authority),
            "edit_url": register.url("edit", authority, record.id),
            "may_edit": may(person, register.edit, authority).allowed and not authority.is_closed,
        }
        return render(request, "registers/detail.html", context)

    return view


class RecordFormView(StaffFormView):
    """A form about a record of the register."""

    register: ClassVar[Register]
    record: Record

    @classmethod
    def of(cls, register: Register, **attributes: Any) -> StaffView:
        """The view for a register."""
        of_register = {
            "register": register,
            "permission": register.edit,
            "fields_not_kept": register.personal_fields,  # when the session has ended
        }
        made = type(cls.__name__, (cls,), of_register | attributes)
        return cast(type[RecordFormView], made).as_view()

    def get_breadcrumbs(self) -> Sequence[Breadcrumb]:
        return (Breadcrumb(capfirst(str(self.register.words.items)), self.register.url("list", self.authority)),)


class RecordContentsView(RecordFormView):
    """The form with the fields of a record."""

    template_name = "registers/form.html"

    def get_form_class(self) -> type[Form]:
        return cast(type[Form], form_class(self.register))

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"authority": self.authority}


class AddRecordView(RecordContentsView):
    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.title = self.submit_label = self.register.words.add
        self.success_message = self.register.words.added

    def save(self, cleaned_data: dict[str, Any]) -> None:
        self.record = actions.add(self.register, self.authority, by=self.person, values=cleaned_data)

    def get_success_url(self) -> str:
        if hasattr(self, "record"):
            return self.register.url("detail", self.authority, self.record.id)
        return self.register.url("list", self.authority)


class ExistingRecordMixin(RecordFormView):
    """A form about a record that exists, which carries the version that the person saw and returns to its page."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.record = _record_or_404(self.register, self.authority, kwargs["record_id"])

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.record.version}

    def get_success_url(self) -> str:
        return self.register.url("detail", self.authority, self.record.id)

    def get_breadcrumbs(self) -> Sequence[Breadcrumb]:
        return (*super().get_breadcrumbs(), Breadcrumb(str(self.record), self.get_success_url()))


class ChangeRecordView(ExistingRecordMixin, RecordContentsView):
    submit_label = gettext_lazy("Save")
    conflict: EditConflict | None = None

    def get_title(self) -> str | Promise:
        return _("Change %(record)s") % {"record": self.record}

    def get_success_message(self) -> str | Promise:
        return self.register.words.changed

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": copy(self.record)}  # the form writes into it

    def save(self, cleaned_data: dict[str, Any]) -> None:
        version = cleaned_data.pop("version") or 0
        try:
            actions.change(self.register, self.record, by=self.person, version=version, values=cleaned_data)
        except EditConflict as conflict:
            self.conflict = conflict
            raise

    def form_invalid(self, form: Form) -> HttpResponse:
        return super().form_invalid(form) if self.conflict is None else self._show(self.conflict)

    def _show(self, conflict: EditConflict) -> HttpResponse:
        """The form again, with what the person wrote, and beside it what stands now."""
        stands = _record_or_404(self.register, self.authority, self.record.id)
        form = form_class(self.register)(
            authority=self.authority, instance=stands, initial=conflict.merged | {"version": conflict.version}
        )
        conflicts = [
            (self.register.label(field.name), shown(field.yours), shown(field.theirs)) for field in conflict.fields
        ]
        context = self.get_context_data(form=form, conflict=str(conflict), conflicts=conflicts)
        return self.render_to_response(context, status=409)


class StepView(ExistingRecordMixin, RecordFormView):
    """A step from one state to another: a page that says what it does, with a button, and a reason if it needs one."""

    form_class = StepForm
    step: Transition

    @classmethod
    def of(cls, register: Register, **attributes: Any) -> StaffView:
        return super().of(register, permission=register.see, **attributes)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        step = self.register.states.transition(kwargs["step"]) if self.register.states else None
        if step is None:
            raise Http404
        may(self.person, step.permission, self.authority).require()
        self.step = step
        self.submit_label, self.success_message = step.label, step.done
        self.is_destructive = step.is_destructive

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"needs_reason": self.step.needs_reason}

    def get_title(self) -> str | Promise:
        return f"{self.step.label}: {self.record}"

    def save(self, cleaned_data: dict[str, Any]) -> None:
        actions.move(
            self.register,
            self.record,
            by=self.person,
            version=cleaned_data["version"],
            transition=self.step.name,
            reason=cleaned_data.get("reason", ""),
        )


def _record_or_404(register: Register, authority: Authority, record_id: UUID) -> Any:
    return get_object_or_404(register.records_of(authority), id=record_id)

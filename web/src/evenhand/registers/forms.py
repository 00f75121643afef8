from functools import cache
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from evenhand.authorities.models import Authority
from evenhand.registers.register import Register, registers


class RecordForm(forms.ModelForm):  # type: ignore[type-arg]  # cannot be subscripted at runtime
    """The form of a record. It never saves: `registers.actions` does, with what the form has read."""

    register: ClassVar[Register]
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, authority: Authority, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.authority = authority
        for name, field in self.fields.items():
            label = str(field.label)
            field.error_messages["required"] = _("Enter %(field)s.") % {"field": label[:1].lower() + label[1:]}
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = self._choices(name, authority)
                field.empty_label = _("None")
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4
        if self.instance._state.adding:
            del self.fields["version"]

    def _choices(self, name: str, authority: Authority) -> QuerySet[Any]:
        """What may be chosen, and what stands, which may have ended since."""
        choices = self.register.choices_of(name, authority)
        stands = getattr(self.instance, f"{name}_id")
        return choices if stands is None else choices.model._default_manager.filter(Q(pk__in=choices) | Q(pk=stands))

    def save(self, commit: bool = True) -> Any:
        raise NotImplementedError("Records are saved by registers.actions, which checks and records the change.")


class StepForm(forms.Form):
    """Confirms a step, with its reason."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("The reason is kept in the record of changes. Do not put personal details in it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_reason:
            del self.fields["reason"]


def form_class(register: Register) -> type[RecordForm]:
    return _form_class(register.key)


@cache
def _form_class(key: str) -> type[RecordForm]:
    register = registers()[key]
    labels: Any = dict(register.labels)
    base = cast(type[RecordForm], type("RecordForm", (RecordForm,), {"register": register}))
    made: Any = forms.modelform_factory(register.model, form=base, fields=list(register.fields), labels=labels)
    return cast(type[RecordForm], made)

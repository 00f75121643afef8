from functools import cache
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from evenhand.authorities.models import Authority
from evenhand.registers.register import Register, registers


class RecordForm(forms.ModelForm):  # type: ignore[type-arg]  # cannot be subscripted at runtime
    """The form of a record. It never saves: `registers.actions` does, with what the form has read."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, authority: Authority, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.authority = authority
        for field in self.fields.values():
            label = str(field.label)
            field.error_messages["required"] = _("Enter %(field)s.") % {"field": label[:1].lower() + label[1:]}
            if isinstance(field, forms.ModelChoiceField):
                limit_to(field, authority)
                field.empty_label = _("None")
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4
        if self.instance._state.adding:
            del self.fields["version"]

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


def limit_to(field: Any, authority: Authority) -> None:
    """Offer only the authority's own records, of a model that belongs to authorities."""
    model = field.queryset.model
    if any(model_field.name == "authority" for model_field in model._meta.get_fields()):
        field.queryset = field.queryset.filter(authority=authority)


@cache
def _form_class(key: str) -> type[RecordForm]:
    register = registers()[key]
    labels: Any = dict(register.labels)
    made: Any = forms.modelform_factory(register.model, form=RecordForm, fields=list(register.fields), labels=labels)
    return cast(type[RecordForm], made)

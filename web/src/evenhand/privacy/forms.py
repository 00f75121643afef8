from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from evenhand.authorities.models import Authority, User
from evenhand.clock.enums import PauseReason
from evenhand.clock.rules import statutory_rules
from evenhand.privacy.enums import Outcome, RequestKind
from evenhand.privacy.queries import authorities_of, current_and_former_staff


class RecordRequestForm(forms.Form):
    person = forms.ModelChoiceField(
        User.objects.none(), label=_("Who made the request"), empty_label=_("Choose a person")
    )
    kind = forms.ChoiceField(label=_("What they want"), choices=RequestKind.choices, widget=forms.RadioSelect)
    received_on = forms.DateField(
        label=_("Date received"),
        help_text=_("The day the request reached the authority, by any route. You have one month from this date."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    note = forms.CharField(
        label=_("Details of the request"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What the person asked for in their own words, and how you confirmed who they are."),
    )

    def __init__(self, authority: Authority, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person_field = self.fields["person"]
        assert isinstance(person_field, forms.ModelChoiceField)
        person_field.queryset = current_and_former_staff(authority)
        self.fields["received_on"].widget.attrs["max"] = timezone.localdate().isoformat()


class MakeRequestForm(forms.Form):
    authority = forms.ModelChoiceField(
        Authority.objects.none(), label=_("Authority"), empty_label=_("Choose an authority")
    )
    kind = forms.ChoiceField(
        label=_("What you want"),
        choices=[(kind.value, kind.own_label) for kind in RequestKind],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Details of your request"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, person: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        authority_field = self.fields["authority"]
        assert isinstance(authority_field, forms.ModelChoiceField)
        authority_field.queryset = authorities_of(person)


class CloseRequestForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect)
    answer = forms.CharField(
        label=_("Your answer to the person"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Required unless you did everything the person asked. Give the reason, and tell them that they can "
            "complain to you or to the Information Commissioner’s Office (ICO), or go to court."
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean() or {}
        if cleaned_data.get("outcome") not in (None, Outcome.DONE) and not cleaned_data.get("answer", "").strip():
            self.add_error("answer", _("Enter the reason you gave the person for not doing all of what they asked."))
        return cleaned_data


class StopClockForm(forms.Form):
    reason = forms.ChoiceField(label=_("What you are waiting for"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason_field = self.fields["reason"]
        assert isinstance(reason_field, forms.ChoiceField)
        allowed = [reason for reason in PauseReason if reason in statutory_rules()["data_request"].pauses]
        reason_field.choices = [(reason.value, capfirst(str(reason.label))) for reason in allowed]


class RestartClockForm(forms.Form):
    """Nothing to enter: the clock restarts today."""


class ExtendForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("The reason is kept in the record of changes. Do not name the person."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ErasePersonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason for the erasure"),
        max_length=500,
        help_text=_("The reason is kept in the record of changes. Do not name the person."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    name = forms.CharField(label=_("The person’s name"), max_length=200)

    def __init__(self, person: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._person = person
        self.fields["name"].widget.attrs["autocomplete"] = "off"

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name.strip() != self._person.name:
            raise forms.ValidationError(_("The name does not match. Enter the person’s name as shown above."))
        return name


class StaffNumberForm(forms.Form):
    number = forms.CharField(
        label=_("Staff number"),
        max_length=100,
        help_text=_("As shown in the authority’s staff records. We store only a code derived from it, not the number."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

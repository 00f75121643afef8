from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evenhand.authorities.models import Authority, User
from evenhand.privacy.enums import Outcome, RequestKind
from evenhand.privacy.queries import authorities_of, people_of


class Receive(forms.Form):
    person = forms.ModelChoiceField(User.objects.none(), label=_("Who asks"), empty_label=_("Choose a person"))
    kind = forms.ChoiceField(label=_("What the person asks"), choices=RequestKind.choices, widget=forms.RadioSelect)
    received_on = forms.DateField(
        label=_("Received on"),
        help_text=_("The day on which it reached the authority in any way. The law gives one month from it."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    note = forms.CharField(
        label=_("In their words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What they asked for, and how you know that it is they."),
    )

    def __init__(self, authority: Authority, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = self.fields["person"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = people_of(authority)
        self.fields["received_on"].widget.attrs["max"] = timezone.localdate().isoformat()


class Ask(forms.Form):
    authority = forms.ModelChoiceField(
        Authority.objects.none(), label=_("Who is asked"), empty_label=_("Choose an authority")
    )
    kind = forms.ChoiceField(label=_("What you ask"), choices=RequestKind.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("In your words"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, person: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        authorities = self.fields["authority"]
        assert isinstance(authorities, forms.ModelChoiceField)
        authorities.queryset = authorities_of(person)


class Close(forms.Form):
    outcome = forms.ChoiceField(label=_("How it was answered"), choices=Outcome.choices, widget=forms.RadioSelect)
    answer = forms.CharField(
        label=_("What the person was told"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Needed where not all of it was done: the reason, and that the person may complain to you and to the "
            "Information Commissioner, or go to court."
        ),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("outcome") not in (None, Outcome.DONE) and not given.get("answer", "").strip():
            self.add_error("answer", _("Say what the person was told: why it was not done, or not all of it."))
        return given


class Erase(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        help_text=_("Stays in the record of changes. Don't name the person in it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    name = forms.CharField(label=_("The person's name, as it stands above"), max_length=200)

    def __init__(self, person: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._person = person
        self.fields["name"].widget.attrs["autocomplete"] = "off"

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name.strip() != self._person.name:
            raise forms.ValidationError(_("This is not the name of the person. Type it as it stands above."))
        return name


class Number(forms.Form):
    number = forms.CharField(
        label=_("Staff number"),
        max_length=100,
        help_text=_("As it stands in the authority's own staff records. It is not stored: only a code made of it is."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

"""What staff fill in about the authority and its people."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evenhand.authorities.enums import Kind, Role
from evenhand.authorities.models import Authority, Unit, User
from evenhand.authorities.queries import Colleague, authorities_of, open_units, roles_of, working_at

NO_ROLE = _("Choose at least one role.")


def role_choices() -> list[tuple[str, str]]:
    return [(role.value, f"{role.label}: {role.purpose}") for role in Role]


def missing(words: Any) -> dict[str, Any]:
    """What is said where nothing was filled in."""
    return {"required": words}


def days(**said: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **said)


def why(**said: Any) -> forms.CharField:
    return forms.CharField(label=_("Why"), max_length=500, **{"required": False} | said)


class UnitField(forms.ModelChoiceField):  # type: ignore[type-arg]  # can't be subscripted when it runs
    """An open unit of the authority, with the units that it belongs to."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Unit.objects.none(), required=False, **options)

    def of(self, authority: Authority) -> None:
        self.queryset = open_units(authority).order_by("name")

    def label_from_instance(self, unit: Unit) -> str:
        return f"{unit.name} ({unit.parent.name})" if unit.parent else unit.name


class Confirmation(forms.Form):
    """Nothing to fill in: the page asks, the button answers."""


class Reason(forms.Form):
    reason = why()


class Details(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200, error_messages=missing(_("Give the name of the body.")))
    kind = forms.ChoiceField(label=_("Kind of body"), choices=Kind.choices)
    area_name = forms.CharField(
        label=_("Area that it serves"), max_length=200, error_messages=missing(_("Name the area that it serves."))
    )
    area_code = forms.CharField(
        label=_("Code of the area"),
        max_length=9,
        help_text=_("The statistical code: a letter and eight figures, E08000012 for one."),
        error_messages=missing(_("Give the code of the area.")),
    )
    founded_on = days(label=_("Founded on"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    @staticmethod
    def as_it_stands(authority: Authority) -> dict[str, object]:
        fields = ("name", "kind", "area_name", "area_code", "founded_on", "version")
        return {field: getattr(authority, field) for field in fields}


class Closing(forms.Form):
    on = days(
        label=_("First day on which it is no more"),
        error_messages=missing(_("Give the first day on which it is no more.")),
    )
    reason = why(
        help_text=_("As the record of changes shall say it: merged into another body, for one."), required=True
    )


class SuccessionForm(forms.Form):
    predecessor = forms.ModelChoiceField(
        Authority.objects.none(),
        label=_("The body before"),
        help_text=_("Only bodies of which you are an administrator too."),
        empty_label=_("Choose a body"),
        error_messages=missing(_("Choose the body that came before.")),
    )
    on = days(label=_("First day of the new body"), error_messages=missing(_("Give the first day of the new body.")))
    breaks = forms.CharField(
        label=_("What can't be compared across that day"),
        help_text=_("For the public page. For one: “Staff of the four district councils count from this day on.”"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=missing(_("Say what can't be compared. If nothing breaks, say so.")),
        max_length=2000,
    )

    def __init__(self, *args: Any, person: User, authority: Authority, **options: Any) -> None:
        super().__init__(*args, **options)
        mine = authorities_of(person).filter(
            memberships__user=person, memberships__role=Role.ADMINISTRATOR, memberships__ended_at=None
        )
        self.fields["predecessor"].queryset = mine.exclude(id=authority.id)  # type: ignore[attr-defined]


class UnitForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the unit"), max_length=200, error_messages=missing(_("Give the unit a name."))
    )
    parent = UnitField(label=_("Part of"), empty_label=_("No other unit"))

    def __init__(self, *args: Any, authority: Authority, without: Unit | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        parent = self.fields["parent"]
        assert isinstance(parent, UnitField)
        parent.of(authority)
        if without:
            parent.queryset = parent.queryset.exclude(id=without.id)  # type: ignore[union-attr]


class Placing(forms.Form):
    unit = UnitField(label=_("Unit"), empty_label=_("No unit"))

    def __init__(self, *args: Any, authority: Authority, **options: Any) -> None:
        super().__init__(*args, **options)
        unit = self.fields["unit"]
        assert isinstance(unit, UnitField)
        unit.of(authority)


class Roles(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=role_choices, widget=forms.CheckboxSelectMultiple, error_messages=missing(NO_ROLE)
    )
    reason = why()
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_seen(self) -> list[str]:
        return [each for each in str(self.cleaned_data["seen"]).split(",") if each]


class Inviting(Placing):
    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages=missing(_("Give the e-mail address of your colleague.")),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=missing(_("Give the name of your colleague.")),
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=role_choices, widget=forms.CheckboxSelectMultiple, error_messages=missing(NO_ROLE)
    )
    field_order = ("email", "name", "roles", "unit")


class Successor(forms.Form):
    """Who takes something over: a colleague, not the person who gives it up."""

    to = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who takes it over"),
        empty_label=_("Choose a colleague"),
        error_messages=missing(_("Choose a colleague who takes it over.")),
    )
    reason = why()

    def __init__(self, *args: Any, authority: Authority, leaver: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].queryset = working_at(authority, without=leaver)  # type: ignore[attr-defined]


class Leaving(Successor):
    field_order = ("to", "reason")

    def __init__(self, *args: Any, in_hand: int, **options: Any) -> None:
        super().__init__(*args, **options)
        if not in_hand:
            del self.fields["to"]


class Lending(forms.Form):
    role = forms.ChoiceField(label=_("Your role"))
    receiver = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who stands in for you"),
        empty_label=_("Choose a colleague"),
        error_messages=missing(_("Choose a colleague who stands in for you.")),
    )
    first_day = days(label=_("First day"), error_messages=missing(_("Give the first day.")))
    last_day = days(
        label=_("Last day"),
        help_text=_("It ends by itself at the end of that day."),
        error_messages=missing(_("Give the last day.")),
    )
    reason = why(help_text=_("A word is enough: annual leave."), required=True, error_messages=missing(_("Say why.")))

    def __init__(self, *args: Any, authority: Authority, giver: User, **options: Any) -> None:
        super().__init__(*args, **options)
        own = sorted(roles_of(giver, authority))
        self.fields["role"].choices = [(role.value, role.label) for role in own]  # type: ignore[attr-defined]
        self.fields["receiver"].queryset = working_at(authority, without=giver)  # type: ignore[attr-defined]
        self.fields["first_day"].initial = timezone.localdate


class GroupMapping(forms.Form):
    provider = forms.ChoiceField(label=_("Sign-in service"))
    group = forms.CharField(
        label=_("Group"),
        max_length=200,
        help_text=_("As the sign-in service names it, or its number there."),
        error_messages=missing(_("Give the name of the group.")),
    )
    role = forms.ChoiceField(label=_("Role that it gives"), choices=role_choices)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["provider"].choices = providers  # type: ignore[attr-defined]


def providers() -> list[tuple[str, str]]:
    """The sign-in services that the settings name: what we know each as, and what people call it."""
    services: dict[str, Any] = settings.SOCIALACCOUNT_PROVIDERS
    known = services.get("openid_connect", {}).get("APPS", [])
    return [(str(each["provider_id"]), str(each["name"])) for each in known]


def initial_roles(known: Colleague) -> list[str]:
    return [each.role for each in known.current]

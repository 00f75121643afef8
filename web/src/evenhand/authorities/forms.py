"""The forms that staff fill in about the authority and its people."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evenhand.authorities.enums import Kind, Role
from evenhand.authorities.models import Authority, Unit, User
from evenhand.authorities.queries import Colleague, authorities_of, open_units, roles_of, working_at

NO_ROLE = _("Select at least one role.")


def role_choices() -> list[tuple[str, str]]:
    return [(role.value, f"{role.label}: {role.purpose}") for role in Role]


def required_message(message: Any) -> dict[str, Any]:
    """The `error_messages` of a field whose required message is this one."""
    return {"required": message}


def date_field(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **options)


def reason_field(**options: Any) -> forms.CharField:
    return forms.CharField(label=_("Reason"), max_length=500, **{"required": False} | options)


class UnitField(forms.ModelChoiceField):  # type: ignore[type-arg]  # cannot be subscripted at runtime
    """An open unit of the authority, shown with the unit that it is part of."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Unit.objects.none(), required=False, **options)

    def limit_to(self, authority: Authority) -> None:
        self.queryset = open_units(authority).order_by("name")

    def label_from_instance(self, unit: Unit) -> str:
        return f"{unit.name} ({unit.parent.name})" if unit.parent else unit.name


class ConfirmForm(forms.Form):
    """No fields: the page asks for confirmation and the button gives it."""


class ReasonForm(forms.Form):
    reason = reason_field()


class AuthorityDetailsForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=200, error_messages=required_message(_("Enter the name of the authority."))
    )
    kind = forms.ChoiceField(label=_("Type of body"), choices=Kind.choices)
    area_name = forms.CharField(
        label=_("Area served"),
        max_length=200,
        error_messages=required_message(_("Enter the name of the area that the authority serves.")),
    )
    area_code = forms.CharField(
        label=_("Area code"),
        max_length=9,
        help_text=_("The ONS code: a letter and eight digits, for example E08000012."),
        error_messages=required_message(_("Enter the area code.")),
    )
    founded_on = date_field(label=_("Established on"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    @staticmethod
    def initial_for(authority: Authority) -> dict[str, object]:
        fields = ("name", "kind", "area_name", "area_code", "founded_on", "version")
        return {field: getattr(authority, field) for field in fields}


class CloseAuthorityForm(forms.Form):
    on = date_field(
        label=_("Date it ceases to exist"),
        error_messages=required_message(_("Enter the date on which the authority ceases to exist.")),
    )
    reason = reason_field(
        help_text=_("This is kept in the record of changes. For example, “Merged into another council”."),
        required=True,
    )


class SuccessionForm(forms.Form):
    predecessor = forms.ModelChoiceField(
        Authority.objects.none(),
        label=_("Predecessor body"),
        help_text=_("You can only choose bodies where you are also an administrator."),
        empty_label=_("Choose a body"),
        error_messages=required_message(_("Choose the predecessor body.")),
    )
    on = date_field(
        label=_("First day of the new body"),
        error_messages=required_message(_("Enter the first day of the new body.")),
    )
    breaks = forms.CharField(
        label=_("What cannot be compared before and after that date"),
        help_text=_(
            "This is shown on the public page. For example, "
            "“Staff of the four district councils are included from this date”."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=required_message(_("Enter what cannot be compared. If everything can be compared, say so.")),
        max_length=2000,
    )

    def __init__(self, *args: Any, person: User, authority: Authority, **options: Any) -> None:
        super().__init__(*args, **options)
        administered = authorities_of(person).filter(
            memberships__user=person, memberships__role=Role.ADMINISTRATOR, memberships__ended_at=None
        )
        self.fields["predecessor"].queryset = administered.exclude(id=authority.id)  # type: ignore[attr-defined]


class UnitForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the unit"), max_length=200, error_messages=required_message(_("Enter the name of the unit."))
    )
    parent = UnitField(label=_("Part of"), empty_label=_("No other unit"))

    def __init__(self, *args: Any, authority: Authority, exclude: Unit | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        parent = self.fields["parent"]
        assert isinstance(parent, UnitField)
        parent.limit_to(authority)
        if exclude:
            parent.queryset = parent.queryset.exclude(id=exclude.id)  # type: ignore[union-attr]


class UnitMembershipForm(forms.Form):
    unit = UnitField(label=_("Unit"), empty_label=_("No unit"))

    def __init__(self, *args: Any, authority: Authority, **options: Any) -> None:
        super().__init__(*args, **options)
        unit = self.fields["unit"]
        assert isinstance(unit, UnitField)
        unit.limit_to(authority)


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=role_choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages=required_message(NO_ROLE),
    )
    reason = reason_field()
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_seen(self) -> list[str]:
        return [role for role in str(self.cleaned_data["seen"]).split(",") if role]


class InvitationForm(UnitMembershipForm):
    email = forms.EmailField(
        label=_("Email address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages=required_message(_("Enter your colleague’s email address.")),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=required_message(_("Enter your colleague’s name.")),
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=role_choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages=required_message(NO_ROLE),
    )
    field_order = ("email", "name", "roles", "unit")


class HandOverForm(forms.Form):
    """The colleague who takes over a person's work; not that person."""

    to = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Hand over to"),
        empty_label=_("Choose a colleague"),
        error_messages=required_message(_("Choose a colleague to hand over to.")),
    )
    reason = reason_field()

    def __init__(self, *args: Any, authority: Authority, leaver: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].queryset = working_at(authority, without=leaver)  # type: ignore[attr-defined]


class EndAccessForm(HandOverForm):
    field_order = ("to", "reason")

    def __init__(self, *args: Any, has_assignments: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not has_assignments:
            del self.fields["to"]


class DelegationForm(forms.Form):
    role = forms.ChoiceField(label=_("Your role"))
    receiver = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Colleague who covers for you"),
        empty_label=_("Choose a colleague"),
        error_messages=required_message(_("Choose a colleague to cover for you.")),
    )
    first_day = date_field(label=_("First day"), error_messages=required_message(_("Enter the first day.")))
    last_day = date_field(
        label=_("Last day"),
        help_text=_("Cover ends automatically at the end of this day."),
        error_messages=required_message(_("Enter the last day.")),
    )
    reason = reason_field(
        help_text=_("A few words are enough, for example “Annual leave”."),
        required=True,
        error_messages=required_message(_("Enter a reason.")),
    )

    def __init__(self, *args: Any, authority: Authority, giver: User, **options: Any) -> None:
        super().__init__(*args, **options)
        own_roles = sorted(roles_of(giver, authority))
        self.fields["role"].choices = [(role.value, role.label) for role in own_roles]  # type: ignore[attr-defined]
        self.fields["receiver"].queryset = working_at(authority, without=giver)  # type: ignore[attr-defined]
        self.fields["first_day"].initial = timezone.localdate


class GroupRoleForm(forms.Form):
    provider = forms.ChoiceField(label=_("Sign-in service"))
    group = forms.CharField(
        label=_("Group"),
        max_length=200,
        help_text=_("The group’s name or ID in the sign-in service."),
        error_messages=required_message(_("Enter the name of the group.")),
    )
    role = forms.ChoiceField(label=_("Role"), choices=role_choices)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["provider"].choices = provider_choices  # type: ignore[attr-defined]


def provider_choices() -> list[tuple[str, str]]:
    """The sign-in services in the settings: the id of each, and the name that people know."""
    services: dict[str, Any] = settings.SOCIALACCOUNT_PROVIDERS
    providers = services.get("openid_connect", {}).get("APPS", [])
    return [(str(provider["provider_id"]), str(provider["name"])) for provider in providers]


def initial_roles(colleague: Colleague) -> list[str]:
    return [membership.role for membership in colleague.current]

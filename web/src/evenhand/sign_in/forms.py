"""allauth's forms in the house's words: each field with its label, no grey words in it, and what browsers fill in."""

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evenhand.authorities.models import User
from evenhand.sign_in import attempts, locking


def what_a_password_needs() -> SafeString:
    rules = format_html_join("", "<li>{}</li>", ((text,) for text in password_validators_help_texts()))
    advice = gettext("Three or four words that don’t belong together are strong, and easy to keep in mind.")
    return format_html("<p>{}</p><ul>{}</ul>", advice, rules)


class _Plain:
    """Takes out the words that the library writes inside its fields."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def say(self, name: str, label: Any, help_text: Any = "", **attributes: str) -> None:
        field = self.fields[name]
        field.label, field.help_text = label, help_text
        field.widget.attrs.update(attributes)


class SignIn(_Plain, account.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.say("login", _("E-mail address"), autocomplete="username", spellcheck="false")
        self.say("password", _("Password"))


class Confirm(_Plain, account.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.say("password", _("Your password"))


class ForgottenPassword(_Plain, account.ResetPasswordForm):  # type: ignore[misc]
    users: list[User]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.say("email", _("E-mail address"), autocomplete="username", spellcheck="false")

    def clean_email(self) -> str:
        """Whoever has no password here signs in through their body's own service, and gets none by this."""
        email: str = super().clean_email()
        self.users = [user for user in self.users if user.has_usable_password()]
        return email


class _TwiceNew(_Plain):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.say("password1", _("New password"), what_a_password_needs())
        self.say("password2", _("The new password again"))


class NewPassword(_TwiceNew, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """By the link that was sent."""


class ChangePassword(_TwiceNew, account.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.say("oldpassword", _("Your password now"))

    def clean_oldpassword(self) -> str:
        """Counted like any other guess: an open browser must not become a place to try passwords."""
        password: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password


class _Counted(_Plain):
    """A code is a guess too, and counts towards the lock."""

    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.say(
            "code",
            _("Code"),
            _("The six figures that your app shows now, or one of your recovery codes."),
            inputmode="numeric",
            autocomplete="one-time-code",
            spellcheck="false",
        )

    def clean_code(self) -> str:
        request, email = context.request, self.user.email
        if not attempts.begin(request, email):
            locking.failed(request, email)
            raise get_adapter().validation_error("too_many_login_attempts")
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError:
            locking.failed(request, email)
            raise
        attempts.passed(request, email)
        return code


class Code(_Counted, mfa.AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""


class ConfirmByCode(_Counted, mfa.ReauthenticateForm):  # type: ignore[misc]
    """The same again, before something that matters."""


class FirstCode(_Plain, ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.say(
            "code",
            _("The six figures that the app shows now"),
            inputmode="numeric",
            autocomplete="one-time-code",
            spellcheck="false",
        )


class AddPasskey(_Plain, AddWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"passwordless": True} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.say("name", _("A name for it"), _("So that you tell it from others: my telephone, the office laptop."))
        self.say(
            "passwordless",
            _("Let me sign in with it alone, without my password"),
            _("It then asks for your finger, your face or its own number."),
        )


class NamePasskey(_Plain, EditWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.say("name", _("Name"), maxlength="100")


class AcceptInvitation(forms.Form):
    """The address stands above the fields, for the browser that keeps the password."""

    email = forms.EmailField(required=False, widget=forms.HiddenInput(attrs={"autocomplete": "username"}))
    name = forms.CharField(label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password1 = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    password2 = forms.CharField(
        label=_("The password again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["password1"].help_text = what_a_password_needs()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.person.name = cleaned.get("name", "")
        if cleaned.get("password1") and cleaned.get("password2"):
            if cleaned["password1"] != cleaned["password2"]:
                self.add_error("password2", _("The two passwords are not the same. Type both again."))
            else:
                self._check_strength(cleaned["password1"])
        return cleaned

    @property
    def password(self) -> str:
        return str(self.cleaned_data["password1"])

    def _check_strength(self, password: str) -> None:
        try:
            validate_password(password, self.person)
        except ValidationError as weak:
            self.add_error("password1", weak)


class ProveAccount(forms.Form):
    """For someone who has an account already: its password takes the invitation up."""

    password1 = forms.CharField(
        label=_("Your password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    @property
    def password(self) -> str:
        return str(self.cleaned_data["password1"])


class RemoveSecondSteps(forms.Form):
    reason = forms.CharField(
        label=_("How did you make sure that it is the person?"),
        help_text=_("It stands in the record of changes. A voice on the telephone is not enough."),
        max_length=500,
    )

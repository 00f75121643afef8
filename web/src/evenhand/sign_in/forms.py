"""allauth's forms with our labels and help texts, without placeholders, and with the right autocomplete values."""

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


def password_help_text() -> SafeString:
    rules = format_html_join("", "<li>{}</li>", ((text,) for text in password_validators_help_texts()))
    advice = gettext("Use 3 or 4 random words. They make a strong password that is easy to remember.")
    return format_html("<p>{}</p><ul>{}</ul>", advice, rules)


class _WithoutPlaceholders:
    """Removes the placeholders that allauth puts in its fields."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def describe_field(self, name: str, label: Any, help_text: Any = "", **attributes: str) -> None:
        field = self.fields[name]
        field.label, field.help_text = label, help_text
        field.widget.attrs.update(attributes)


class SignInForm(_WithoutPlaceholders, account.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.describe_field("login", _("Email address"), autocomplete="username", spellcheck="false")
        self.describe_field("password", _("Password"))


class ConfirmPasswordForm(_WithoutPlaceholders, account.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.describe_field("password", _("Your password"))


class ForgottenPasswordForm(_WithoutPlaceholders, account.ResetPasswordForm):  # type: ignore[misc]
    users: list[User]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.describe_field("email", _("Email address"), autocomplete="username", spellcheck="false")

    def clean_email(self) -> str:
        """People who sign in only through single sign-on have no password, and this form does not give them one."""
        email: str = super().clean_email()
        self.users = [user for user in self.users if user.has_usable_password()]
        return email


class _NewPasswordFields(_WithoutPlaceholders):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.describe_field("password1", _("New password"), password_help_text())
        self.describe_field("password2", _("Confirm new password"))


class SetPasswordForm(_NewPasswordFields, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """Used with the link in a password reset email."""


class ChangePasswordForm(_NewPasswordFields, account.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.describe_field("oldpassword", _("Current password"))

    def clean_oldpassword(self) -> str:
        """Counted like any other attempt, so that an unattended browser can't be used to guess the password."""
        password: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password


class _CountedCodeField(_WithoutPlaceholders):
    """Security codes can be guessed too, so they count towards the lock."""

    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.describe_field(
            "code",
            _("Security code"),
            _("The 6-digit code shown in your authenticator app, or one of your recovery codes."),
            inputmode="numeric",
            autocomplete="one-time-code",
            spellcheck="false",
        )

    def clean_code(self) -> str:
        request, email = context.request, self.user.email
        if not attempts.count_attempt(request, email):
            locking.record_failure(request, email)
            raise get_adapter().validation_error("too_many_login_attempts")
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError:
            locking.record_failure(request, email)
            raise
        attempts.record_success(request, email)
        return code


class SecurityCodeForm(_CountedCodeField, mfa.AuthenticateForm):  # type: ignore[misc]
    """The second factor when signing in."""


class ConfirmByCodeForm(_CountedCodeField, mfa.ReauthenticateForm):  # type: ignore[misc]
    """The second factor again, before a change to the account."""


class ActivateAppForm(_WithoutPlaceholders, ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.describe_field(
            "code",
            _("6-digit code shown in the app"),
            inputmode="numeric",
            autocomplete="one-time-code",
            spellcheck="false",
        )


class AddPasskeyForm(_WithoutPlaceholders, AddWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"passwordless": True} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.describe_field(
            "name", _("Passkey name"), _("A name to help you recognise it, such as ‘My phone’ or ‘Office laptop’.")
        )
        self.describe_field(
            "passwordless",
            _("Let me sign in with this passkey instead of my password"),
            _("You will be asked for your fingerprint, face or the device PIN."),
        )


class RenamePasskeyForm(_WithoutPlaceholders, EditWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.describe_field("name", _("Name"), maxlength="100")


class AcceptInvitationForm(forms.Form):
    """The page shows the email address above these fields; the hidden field is for the browser's password manager."""

    email = forms.EmailField(required=False, widget=forms.HiddenInput(attrs={"autocomplete": "username"}))
    name = forms.CharField(label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password1 = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    password2 = forms.CharField(
        label=_("Confirm password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["password1"].help_text = password_help_text()

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean() or {}
        self.person.name = cleaned_data.get("name", "")
        if cleaned_data.get("password1") and cleaned_data.get("password2"):
            if cleaned_data["password1"] != cleaned_data["password2"]:
                self.add_error("password2", _("The passwords do not match. Enter both again."))
            else:
                self._validate_password(cleaned_data["password1"])
        return cleaned_data

    @property
    def password(self) -> str:
        return str(self.cleaned_data["password1"])

    def _validate_password(self, password: str) -> None:
        try:
            validate_password(password, self.person)
        except ValidationError as error:
            self.add_error("password1", error)


class ExistingAccountForm(forms.Form):
    """For someone who already has an account: they accept the invitation with its password."""

    password1 = forms.CharField(
        label=_("Your password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    @property
    def password(self) -> str:
        return str(self.cleaned_data["password1"])


class RemoveTwoFactorForm(forms.Form):
    reason = forms.CharField(
        label=_("How did you confirm who they are?"),
        help_text=_("This is kept in the record of changes. Recognising a voice on the phone is not enough."),
        max_length=500,
    )

"""The names of the kinds of data, as shown to the people they are about."""

from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

MODEL_LABELS = {
    "account.emailaddress": _("Email addresses"),
    "account.emailconfirmation": _("Links to confirm an email address"),
    "authorities.assignment": _("Assigned work"),
    "authorities.delegation": _("Roles delegated to a colleague"),
    "authorities.grouprole": _("Roles given to groups by the person"),
    "authorities.invitation": _("Invitations"),
    "authorities.membership": _("Roles"),
    "authorities.user": _("Account"),
    "axes.accessattempt": _("Sign-in attempts"),
    "axes.accessattemptexpiration": _("Expiry dates of sign-in attempts"),
    "axes.accessfailurelog": _("Failed sign-in attempts"),
    "axes.accesslog": _("Earlier sign-ins"),
    "django_tasks_database.dbtaskresult": _("Background tasks"),
    "evidence.snapshot": _("Figures uploaded"),
    "mfa.authenticator": _("Authenticator apps, passkeys and recovery codes"),
    "notifications.message": _("Messages"),
    "privacy.request": _("Requests about personal data"),
    "releases.release": _("Publications protected or approved"),
    "sessions.session": _("Open sessions"),
    "socialaccount.socialaccount": _("Links to a sign-in service"),
    "socialaccount.socialtoken": _("Tokens of a sign-in service"),
    "usersessions.usersession": _("Browsers signed in"),
}


def label_of(model: type[Model]) -> str:
    return str(MODEL_LABELS.get(model._meta.label_lower) or capfirst(str(model._meta.verbose_name_plural)))

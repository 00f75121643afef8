"""What people are told that the data about them is. Modules above this one declare theirs (`Module.data_labels`)."""

from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from evenhand.modules import registry

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
    "mfa.authenticator": _("Authenticator apps, passkeys and recovery codes"),
    "notifications.message": _("Messages"),
    "privacy.request": _("Requests about personal data"),
    "sessions.session": _("Open sessions"),
    "socialaccount.socialaccount": _("Links to a sign-in service"),
    "socialaccount.socialtoken": _("Tokens of a sign-in service"),
    "usersessions.usersession": _("Browsers signed in"),
}


def label_of(model: type[Model]) -> str:
    declared = registry.modules().values()
    labels = MODEL_LABELS | {name: label for module in declared for name, label in module.data_labels.items()}
    return str(labels.get(model._meta.label_lower) or capfirst(str(model._meta.verbose_name_plural)))

"""What the kinds of rows are called on a page: the words of the person whom they are about."""

from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

CALLED = {
    "account.emailaddress": _("E-mail addresses"),
    "account.emailconfirmation": _("Links to confirm an address"),
    "authorities.assignment": _("Work in hand"),
    "authorities.delegation": _("Roles lent to a colleague"),
    "authorities.grouprole": _("Groups to which the person gave a role"),
    "authorities.invitation": _("Invitations"),
    "authorities.membership": _("Roles"),
    "authorities.user": _("Account"),
    "axes.accessattempt": _("Attempts to sign in"),
    "axes.accessattemptexpiration": _("When attempts to sign in are forgotten"),
    "axes.accessfailurelog": _("Failed attempts to sign in"),
    "axes.accesslog": _("Earlier sign-ins"),
    "django_tasks_database.dbtaskresult": _("Work that waits or was done in the background"),
    "evidence.snapshot": _("Figures taken in"),
    "mfa.authenticator": _("Second steps and passkeys"),
    "notifications.message": _("Messages"),
    "privacy.request": _("Requests about personal data"),
    "releases.release": _("Publications protected or approved"),
    "sessions.session": _("Open sessions"),
    "socialaccount.socialaccount": _("Links to a sign-in service"),
    "socialaccount.socialtoken": _("Tokens of a sign-in service"),
    "usersessions.usersession": _("Browsers signed in"),
}


def called(model: type[Model]) -> str:
    return str(CALLED.get(model._meta.label_lower) or capfirst(str(model._meta.verbose_name_plural)))

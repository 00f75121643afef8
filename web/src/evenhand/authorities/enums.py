from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    COMBINED_AUTHORITY = "combined_authority", _("Combined authority")
    METROPOLITAN_DISTRICT = "metropolitan_district", _("Metropolitan district council")


class Role(TextChoices):
    VIEWER = "viewer", _("Viewer")
    OFFICER = "officer", _("Officer")
    ANALYST = "analyst", _("Analyst")
    APPROVER = "approver", _("Approver")
    ADMINISTRATOR = "administrator", _("Administrator")
    SCRUTINY = "scrutiny", _("Scrutiny")

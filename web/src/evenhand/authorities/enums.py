from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    COMBINED_AUTHORITY = "combined_authority", _("Combined authority")
    METROPOLITAN_DISTRICT = "metropolitan_district", _("Metropolitan district council")
    UNITARY_AUTHORITY = "unitary_authority", _("Unitary authority")
    COUNTY_COUNCIL = "county_council", _("County council")
    DISTRICT_COUNCIL = "district_council", _("District council")
    LONDON_BOROUGH = "london_borough", _("London borough council")
    FIRE_AUTHORITY = "fire_authority", _("Fire and rescue authority")
    POLICE_AND_CRIME_COMMISSIONER = "police_and_crime_commissioner", _("Police and crime commissioner")
    POLICE_FORCE = "police_force", _("Police force")
    TRANSPORT_BODY = "transport_body", _("Transport body")
    NATIONAL_PARK_AUTHORITY = "national_park_authority", _("National park authority")
    NHS_BODY = "nhs_body", _("NHS body")
    UNIVERSITY = "university", _("University")
    COLLEGE_OR_SCHOOL = "college_or_school", _("College or school")
    GOVERNMENT_DEPARTMENT = "government_department", _("Government department or agency")
    OTHER_PUBLIC_BODY = "other_public_body", _("Other public body")


class Role(TextChoices):
    VIEWER = "viewer", _("Viewer")
    OFFICER = "officer", _("Officer")
    ANALYST = "analyst", _("Analyst")
    APPROVER = "approver", _("Approver")
    ADMINISTRATOR = "administrator", _("Administrator")
    SCRUTINY = "scrutiny", _("Scrutiny")

    @property
    def purpose(self) -> str:
        return str(_PURPOSES[self])


_PURPOSES = {
    Role.VIEWER: _("Reads drafts before they are published. Cannot change anything."),
    Role.OFFICER: _("Writes plans and prepares publications. Cannot see unprotected figures."),
    Role.ANALYST: _("Uploads figures, sees them unprotected, and protects them."),
    Role.APPROVER: _("Reads what others have prepared, and approves and publishes it."),
    Role.ADMINISTRATOR: _("Manages the authority’s people, roles and details. Cannot see drafts or figures."),
    Role.SCRUTINY: _("Reads the record of changes: who did what, and when."),
}

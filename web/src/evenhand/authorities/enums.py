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
    Role.VIEWER: _("Reads drafts before they are published, and changes nothing."),
    Role.OFFICER: _("Writes plans and prepares publications, without seeing figures before they are protected."),
    Role.ANALYST: _("Takes figures in, sees them before they are protected, and protects them."),
    Role.APPROVER: _("Reads what others have prepared, and decides that it goes out."),
    Role.ADMINISTRATOR: _("Looks after the authority's people, roles and details, and sees no figures by that."),
    Role.SCRUTINY: _("Reads the record of changes: who did what, and when."),
}

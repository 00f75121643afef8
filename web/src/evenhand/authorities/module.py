"""What the authorities module declares to the rest of the site."""

from django.utils.translation import gettext_lazy as _

from evenhand.authorities import subjects
from evenhand.authorities.people_tasks import people_tasks
from evenhand.authorities.permissions import ASSIGN_WORK, MANAGE_AUTHORITY, SEE_DRAFTS, SEE_RECORD
from evenhand.modules import Module, RecordedAction, StaffSection, SubjectKind

_ASSIGNED = {"in_hand_of": _("Assigned to")}
_LEFT = {"left_altogether": _("Has no role left at any authority")}

MODULE = Module(
    purpose=_("Accounts and roles: who may do what for the authority, and who could at any time before"),
    permissions=(MANAGE_AUTHORITY, SEE_DRAFTS, SEE_RECORD, ASSIGN_WORK),
    actions=(
        RecordedAction("authorities.add", _("Added the authority"), public=_("The authority was added to this site.")),
        RecordedAction(
            "authorities.move",
            _("Changed the authority’s web address"),
            public=_("The address of the authority on this site was changed."),
            details={"slug": _("Web address")},
        ),
        RecordedAction("authorities.change_details", _("Changed the authority’s details")),
        RecordedAction("authorities.join", _("Changed which body the authority is a member of")),
        RecordedAction(
            "authorities.record_succession",
            _("Recorded a predecessor body"),
            details={"on": _("Date"), "breaks": _("What cannot be compared")},
        ),
        RecordedAction("authorities.close", _("Set the date on which the authority closes")),
        RecordedAction("authorities.add_unit", _("Added a unit")),
        RecordedAction("authorities.rename_unit", _("Renamed a unit")),
        RecordedAction("authorities.move_unit", _("Moved a unit")),
        RecordedAction("authorities.close_unit", _("Closed a unit")),
        RecordedAction("authorities.add_member", _("Gave a person a role")),
        RecordedAction("authorities.change_roles", _("Changed a person’s roles")),
        RecordedAction("authorities.place", _("Changed a person’s unit")),
        RecordedAction("authorities.end_access", _("Ended a person’s access"), details=_LEFT),
        RecordedAction("authorities.invite", _("Invited a person")),
        RecordedAction("authorities.send_again", _("Sent an invitation again")),
        RecordedAction("authorities.withdraw", _("Withdrew an invitation")),
        RecordedAction("authorities.accept", _("Accepted an invitation")),
        RecordedAction("authorities.delegate", _("Delegated a role to a colleague")),
        RecordedAction("authorities.end_delegation", _("Ended a delegation")),
        RecordedAction("authorities.map_group", _("Added a role for a group")),
        RecordedAction("authorities.unmap_group", _("Removed a role from a group")),
        RecordedAction("authorities.sync_roles", _("Updated a person’s roles from their groups")),
        RecordedAction("authorities.assign", _("Assigned work"), details=_ASSIGNED),
        RecordedAction("authorities.hand_over", _("Handed work over"), details=_ASSIGNED),
        RecordedAction("authorities.finish", _("Finished assigned work"), details=_ASSIGNED),
    ),
    subjects=(
        SubjectKind("authority", _("authority"), subjects.authorities),
        SubjectKind("unit", _("unit"), subjects.units),
        SubjectKind("person", _("person"), subjects.people),
        SubjectKind("membership", _("a person’s role"), subjects.memberships),
        SubjectKind("delegation", _("delegation"), subjects.delegations),
        SubjectKind("invitation", _("invitation"), subjects.invitations),
        SubjectKind("group", _("a group’s role"), subjects.groups),
    ),
    sections=(
        StaffSection(_("People"), _("Who works here, and their roles."), "authorities:people", position=10),
        StaffSection(_("Units"), _("Directorates, services and teams."), "authorities:units", position=11),
        StaffSection(
            _("Cover for absence"), _("Who covers for whom, and until when."), "authorities:delegations", position=12
        ),
        StaffSection(_("Assigned work"), _("Who is working on what."), "authorities:assignments", position=13),
        StaffSection(
            _("Record of changes"), _("Who did what, when and why."), "authorities:record", SEE_RECORD, position=14
        ),
        StaffSection(
            _("Authority details"),
            _("Its details, predecessor bodies and sign-in."),
            "authorities:settings",
            MANAGE_AUTHORITY,
            position=15,
        ),
    ),
    urls=(("", "evenhand.authorities.open_urls"), ("work/", "evenhand.authorities.urls")),
    staff_tasks=(people_tasks,),
)

from django.urls import path

from evenhand.authorities.access import moved_to
from evenhand.authorities.views import (
    assignments,
    delegations,
    groups,
    home,
    invitations,
    members,
    people,
    record,
    settings,
    units,
)

app_name = "authorities"
AUTHORITY = "<slug:authority>/"
PERSON = f"{AUTHORITY}people/<uuid:person>/"
INVITATION = f"{AUTHORITY}people/invitations/<uuid:invitation>/"
UNIT = f"{AUTHORITY}units/<uuid:unit>/"
COVER = f"{AUTHORITY}cover/"
DELEGATION = "<uuid:delegation>/"
ASSIGNMENTS = f"{AUTHORITY}assignments/"
ASSIGNMENT = "<uuid:assignment>/"

urlpatterns = [
    path("", home.home, name="home"),
    path(AUTHORITY, home.authority, name="authority"),
    path(f"{AUTHORITY}people/", people.people, name="people"),
    path(f"{AUTHORITY}people/invite/", invitations.InviteView.as_view(), name="invite"),
    path(f"{INVITATION}again/", invitations.send_again, name="invitation_again"),
    path(f"{INVITATION}withdraw/", invitations.WithdrawInvitationView.as_view(), name="invitation_withdraw"),
    path(PERSON, people.person, name="person"),
    path(f"{PERSON}roles/", people.ChangeRolesView.as_view(), name="person_roles"),
    path(f"{PERSON}unit/", people.ChangeUnitMembershipView.as_view(), name="person_unit"),
    path(f"{PERSON}leave/", people.EndAccessView.as_view(), name="person_leave"),
    path(f"{AUTHORITY}units/", units.units, name="units"),
    path(f"{AUTHORITY}units/add/", units.AddUnitView.as_view(), name="unit_add"),
    path(UNIT, units.ChangeUnitView.as_view(), name="unit"),
    path(f"{UNIT}close/", units.CloseUnitView.as_view(), name="unit_close"),
    path(COVER, delegations.delegations, name="delegations"),
    path(f"{COVER}add/", delegations.DelegateView.as_view(), name="delegation_add"),
    path(f"{COVER}{DELEGATION}end/", delegations.EndDelegationView.as_view(), name="delegation_end"),
    path(ASSIGNMENTS, assignments.assignments, name="assignments"),
    path(f"{ASSIGNMENTS}{ASSIGNMENT}hand-over/", assignments.HandOverView.as_view(), name="hand_over"),
    path(f"{AUTHORITY}members/", members.members, name="members"),
    path(f"{AUTHORITY}settings/", settings.settings, name="settings"),
    path(f"{AUTHORITY}settings/details/", settings.DetailsView.as_view(), name="details"),
    path(f"{AUTHORITY}settings/before/", settings.RecordSuccessionView.as_view(), name="succession"),
    path(f"{AUTHORITY}settings/close/", settings.CloseAuthorityView.as_view(), name="close"),
    path(f"{AUTHORITY}settings/groups/", groups.GroupRolesView.as_view(), name="groups"),
    path(
        f"{AUTHORITY}settings/groups/<uuid:mapping>/remove/",
        groups.RemoveGroupRoleView.as_view(),
        name="group_remove",
    ),
    path(f"{AUTHORITY}record/", record.record, name="record"),
    path(f"{AUTHORITY}record/<uuid:entry>/", record.entry, name="record_entry"),
    path(f"{AUTHORITY}record/about/<uuid:subject>/", record.about, name="record_about"),
    # Addresses of 0.2.0
    path(f"{AUTHORITY}standing-in/", moved_to("authorities:delegations"), name="old_delegations"),
    path(f"{AUTHORITY}standing-in/lend/", moved_to("authorities:delegation_add"), name="old_delegation_add"),
    path(f"{AUTHORITY}standing-in/{DELEGATION}end/", moved_to("authorities:delegation_end"), name="old_delegation_end"),
    path(f"{AUTHORITY}in-hand/", moved_to("authorities:assignments"), name="old_assignments"),
    path(f"{AUTHORITY}in-hand/{ASSIGNMENT}hand-over/", moved_to("authorities:hand_over"), name="old_hand_over"),
]

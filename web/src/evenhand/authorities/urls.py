from django.urls import path

from evenhand.authorities.views import delegations, groups, home, invitations, people, record, settings, units, work

app_name = "authorities"
AUTHORITY = "<slug:authority>/"
PERSON = f"{AUTHORITY}people/<uuid:person>/"
INVITATION = f"{AUTHORITY}people/invitations/<uuid:invitation>/"
UNIT = f"{AUTHORITY}units/<uuid:unit>/"

urlpatterns = [
    path("", home.home, name="home"),
    path(AUTHORITY, home.authority, name="authority"),
    path(f"{AUTHORITY}people/", people.people, name="people"),
    path(f"{AUTHORITY}people/invite/", invitations.invite, name="invite"),
    path(f"{INVITATION}again/", invitations.again, name="invitation_again"),
    path(f"{INVITATION}withdraw/", invitations.withdraw, name="invitation_withdraw"),
    path(PERSON, people.person, name="person"),
    path(f"{PERSON}roles/", people.roles, name="person_roles"),
    path(f"{PERSON}unit/", people.place, name="person_unit"),
    path(f"{PERSON}leave/", people.leave, name="person_leave"),
    path(f"{AUTHORITY}units/", units.units, name="units"),
    path(f"{AUTHORITY}units/add/", units.add, name="unit_add"),
    path(UNIT, units.change, name="unit"),
    path(f"{UNIT}close/", units.close, name="unit_close"),
    path(f"{AUTHORITY}standing-in/", delegations.delegations, name="delegations"),
    path(f"{AUTHORITY}standing-in/lend/", delegations.lend, name="delegation_lend"),
    path(f"{AUTHORITY}standing-in/<uuid:delegation>/end/", delegations.end, name="delegation_end"),
    path(f"{AUTHORITY}in-hand/", work.in_hand, name="in_hand"),
    path(f"{AUTHORITY}in-hand/<uuid:assignment>/hand-over/", work.hand_over, name="hand_over"),
    path(f"{AUTHORITY}members/", work.members, name="members"),
    path(f"{AUTHORITY}settings/", settings.settings, name="settings"),
    path(f"{AUTHORITY}settings/details/", settings.details, name="details"),
    path(f"{AUTHORITY}settings/before/", settings.succession, name="succession"),
    path(f"{AUTHORITY}settings/close/", settings.close, name="close"),
    path(f"{AUTHORITY}settings/groups/", groups.groups, name="groups"),
    path(f"{AUTHORITY}settings/groups/<uuid:mapping>/remove/", groups.remove, name="group_remove"),
    path(f"{AUTHORITY}record/", record.record, name="record"),
    path(f"{AUTHORITY}record/<uuid:entry>/", record.entry, name="record_entry"),
    path(f"{AUTHORITY}record/about/<uuid:subject>/", record.about, name="record_about"),
]

from access.rules import ALL_ROLES, ANYONE, KEPT, SIGNED_IN, Rule
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority
from support.people_actions import assignment, delegation, invitation, mapping, somebody, unit

W = "/work/{authority}/"
ADMIN = frozenset({Role.ADMINISTRATOR})
MOVED = frozenset({301})


def of(body: Authority, rest: str) -> str:
    return f"/work/{body.slug}/{rest}"


def person(body: Authority, rest: str = "") -> str:
    return of(body, f"people/{somebody(at=body).id}/{rest}")


def invited(body: Authority, rest: str) -> str:
    return of(body, f"people/invitations/{invitation(at=body).id}/{rest}/")


RULES = {
    "roles": Rule("/roles/", opens=ANYONE),
    "authorities:home": Rule("/work/", opens=SIGNED_IN),
    "authorities:authority": Rule(W, opens=ALL_ROLES),
    "authorities:people": Rule(f"{W}people/", opens=ALL_ROLES),
    "authorities:invite": Rule(f"{W}people/invite/", opens=ADMIN, posts=ADMIN),
    "authorities:invitation_again": Rule(lambda a: invited(a, "again"), opens=ADMIN, posts=ADMIN, only_posts=True),
    "authorities:invitation_withdraw": Rule(lambda a: invited(a, "withdraw"), opens=ADMIN, posts=ADMIN),
    "authorities:person": Rule(person, opens=ALL_ROLES),
    "authorities:person_roles": Rule(lambda a: person(a, "roles/"), opens=ADMIN, posts=ADMIN),
    "authorities:person_unit": Rule(lambda a: person(a, "unit/"), opens=ADMIN, posts=ADMIN),
    "authorities:person_leave": Rule(lambda a: person(a, "leave/"), opens=ADMIN, posts=ADMIN),
    "authorities:units": Rule(f"{W}units/", opens=ALL_ROLES),
    "authorities:unit_add": Rule(f"{W}units/add/", opens=ADMIN, posts=ADMIN),
    "authorities:unit": Rule(lambda a: of(a, f"units/{unit(at=a).id}/"), opens=ADMIN, posts=ADMIN),
    "authorities:unit_close": Rule(lambda a: of(a, f"units/{unit(at=a).id}/close/"), opens=ADMIN, posts=ADMIN),
    "authorities:delegations": Rule(f"{W}cover/", opens=ALL_ROLES),
    "authorities:delegation_add": Rule(f"{W}cover/add/", opens=ALL_ROLES, posts=ALL_ROLES),
    # between two other people, so that only an administrator may end it
    "authorities:delegation_end": Rule(lambda a: of(a, f"cover/{delegation(at=a).id}/end/"), opens=ADMIN, posts=ADMIN),
    "authorities:assignments": Rule(f"{W}assignments/", opens=ALL_ROLES),
    "authorities:hand_over": Rule(
        lambda a: of(a, f"assignments/{assignment(at=a).id}/hand-over/"), opens=ADMIN, posts=ADMIN
    ),
    "authorities:members": Rule(f"{W}members/", opens=ALL_ROLES),
    "authorities:settings": Rule(f"{W}settings/", opens=ADMIN),
    "authorities:details": Rule(f"{W}settings/details/", opens=ADMIN, posts=ADMIN),
    "authorities:succession": Rule(f"{W}settings/before/", opens=ADMIN, posts=ADMIN),
    "authorities:close": Rule(f"{W}settings/close/", opens=ADMIN, posts=ADMIN),
    "authorities:groups": Rule(f"{W}settings/groups/", opens=ADMIN, posts=ADMIN),
    # an address of a removed mapping redirects to the list
    "authorities:group_remove": Rule(
        lambda a: of(a, f"settings/groups/{mapping(at=a).id}/remove/"), opens=ADMIN, posts=ADMIN
    ),
    # addresses of 0.2.0, which redirect to the new ones
    "authorities:old_delegations": Rule(f"{W}standing-in/", opens=ALL_ROLES, statuses=MOVED),
    "authorities:old_delegation_add": Rule(f"{W}standing-in/lend/", opens=ALL_ROLES, statuses=MOVED),
    "authorities:old_delegation_end": Rule(
        lambda a: of(a, f"standing-in/{delegation(at=a).id}/end/"), opens=ALL_ROLES, statuses=MOVED
    ),
    "authorities:old_assignments": Rule(f"{W}in-hand/", opens=ALL_ROLES, statuses=MOVED),
    "authorities:old_hand_over": Rule(
        lambda a: of(a, f"in-hand/{assignment(at=a).id}/hand-over/"), opens=ALL_ROLES, statuses=MOVED
    ),
}
FREE_TEXT = {
    "AuthorityDetailsForm.area_code": KEPT,
    "AuthorityDetailsForm.area_name": KEPT,
    "AuthorityDetailsForm.name": KEPT,
    "CloseAuthorityForm.reason": KEPT,
    "DelegationForm.reason": ("authorities:delegation_add",),
    "EndAccessForm.reason": ("authorities:person_leave",),
    "GroupRoleForm.group": KEPT,
    "HandOverForm.reason": KEPT,
    "InvitationForm.name": KEPT,
    "ReasonForm.reason": KEPT,
    "RolesForm.reason": KEPT,
    "RolesForm.seen": KEPT,
    "SuccessionForm.breaks": KEPT,
    "UnitForm.name": KEPT,
}

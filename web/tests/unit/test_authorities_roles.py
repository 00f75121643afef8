"""Roles and permissions as data: nobody holds more than the table says, and every one is explained."""

from evenhand.authorities.enums import Role
from evenhand.authorities.permissions import ENDS_WITH_THE_AUTHORITY, ROLE_PERMISSIONS, Permission

PREPARES = {Permission.PREPARE_RELEASE, Permission.EDIT_PLAN, Permission.IMPORT_EVIDENCE}
LETS_OUT = {Permission.APPROVE_RELEASE, Permission.PUBLISH_PLAN}


def test_every_role_has_a_purpose_and_permissions() -> None:
    for role in Role:
        assert role.purpose.endswith(".")
        assert ROLE_PERMISSIONS[role]
    assert len({role.purpose for role in Role}) == len(Role)


def test_every_permission_is_somebodys() -> None:
    assert frozenset().union(*ROLE_PERMISSIONS.values()) == frozenset(Permission)


def test_no_role_both_prepares_and_lets_out() -> None:
    for held in ROLE_PERMISSIONS.values():
        assert not (held & PREPARES and held & LETS_OUT)


def test_whoever_hands_out_roles_sees_no_figures_by_that() -> None:
    held = ROLE_PERMISSIONS[Role.ADMINISTRATOR]
    assert not held & (PREPARES | LETS_OUT | {Permission.SEE_UNPROTECTED, Permission.SEE_DRAFTS})


def test_unprotected_figures_are_the_analysts_alone() -> None:
    assert [role for role in Role if Permission.SEE_UNPROTECTED in ROLE_PERMISSIONS[role]] == [Role.ANALYST]


def test_what_ends_with_an_authority_is_what_writes_plans_and_figures() -> None:
    assert ENDS_WITH_THE_AUTHORITY == PREPARES | LETS_OUT

"""The table of roles and permissions: separation of duties, and a purpose for every role."""

from evenhand.authorities.enums import Role
from evenhand.authorities.permissions import ENDS_WITH_THE_AUTHORITY, ROLE_PERMISSIONS, Permission

PREPARES = {Permission.PREPARE_RELEASE, Permission.EDIT_PLAN, Permission.IMPORT_EVIDENCE}
PUBLISHES = {Permission.APPROVE_RELEASE, Permission.PUBLISH_PLAN}


def test_every_role_has_a_purpose_and_permissions() -> None:
    for role in Role:
        assert role.purpose.endswith(".")
        assert ROLE_PERMISSIONS[role]
    assert len({role.purpose for role in Role}) == len(Role)


def test_every_permission_belongs_to_a_role() -> None:
    assert frozenset().union(*ROLE_PERMISSIONS.values()) == frozenset(Permission)


def test_no_role_both_prepares_and_publishes() -> None:
    for permissions in ROLE_PERMISSIONS.values():
        assert not (permissions & PREPARES and permissions & PUBLISHES)


def test_the_administrator_role_gives_no_access_to_drafts_or_figures() -> None:
    permissions = ROLE_PERMISSIONS[Role.ADMINISTRATOR]
    assert not permissions & (PREPARES | PUBLISHES | {Permission.SEE_UNPROTECTED, Permission.SEE_DRAFTS})


def test_only_analysts_see_unprotected_figures() -> None:
    assert [role for role in Role if Permission.SEE_UNPROTECTED in ROLE_PERMISSIONS[role]] == [Role.ANALYST]


def test_a_closed_authority_loses_the_permissions_to_prepare_and_publish() -> None:
    assert ENDS_WITH_THE_AUTHORITY == PREPARES | PUBLISHES

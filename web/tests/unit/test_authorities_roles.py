"""The table of roles and permissions: separation of duties, and a purpose for every role."""

from evenhand.action_plan.permissions import EDIT_ACTIONS
from evenhand.authorities.enums import Role
from evenhand.authorities.permissions import SEE_DRAFTS, permissions_of, roles_with
from evenhand.evidence.permissions import IMPORT_EVIDENCE, SEE_UNPROTECTED
from evenhand.modules import registry
from evenhand.organisation.permissions import EDIT_POSTS
from evenhand.plans.permissions import EDIT_PLAN, PUBLISH_PLAN
from evenhand.releases.permissions import APPROVE_RELEASE, PREPARE_RELEASE

PREPARES = {PREPARE_RELEASE, EDIT_PLAN, IMPORT_EVIDENCE}
KEEPS = {EDIT_ACTIONS, EDIT_POSTS}  # records that nobody publishes
PUBLISHES = {APPROVE_RELEASE, PUBLISH_PLAN}


def test_every_role_has_a_purpose_and_permissions() -> None:
    for role in Role:
        assert role.purpose.endswith(".")
        assert permissions_of(role)
    assert len({role.purpose for role in Role}) == len(Role)


def test_every_permission_belongs_to_a_role() -> None:
    assert all(permission.roles and permission.roles <= set(Role) for permission in registry.permissions())


def test_no_role_both_prepares_and_publishes() -> None:
    for role in Role:
        assert not (permissions_of(role) & PREPARES and permissions_of(role) & PUBLISHES)


def test_the_administrator_role_gives_no_access_to_drafts_or_figures() -> None:
    permissions = permissions_of(Role.ADMINISTRATOR)
    assert not permissions & (PREPARES | PUBLISHES | {SEE_UNPROTECTED, SEE_DRAFTS})


def test_only_analysts_see_unprotected_figures() -> None:
    assert roles_with(SEE_UNPROTECTED) == [Role.ANALYST]


def test_a_closed_authority_loses_the_permissions_to_prepare_and_publish() -> None:
    ending = {permission for permission in registry.permissions() if permission.ends_with_authority}
    assert ending == PREPARES | PUBLISHES | KEEPS

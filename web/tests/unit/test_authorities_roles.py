"""The table of roles and permissions: separation of duties, and a purpose for every role."""

from evenhand.authorities.enums import Role
from evenhand.authorities.permissions import SEE_DRAFTS, permissions_of, roles_with
from evenhand.evidence.permissions import SEE_UNPROTECTED
from evenhand.modules import Permission, registry
from support.tables import access_file, access_files, collect_set

PREPARES: set[Permission] = collect_set("PREPARES", access_files())
KEEPS: set[Permission] = collect_set("KEEPS", access_files())  # to keep records that nobody publishes
PUBLISHES: set[Permission] = collect_set("PUBLISHES", access_files())


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
    ending = {permission.code for permission in registry.permissions() if permission.ends_with_authority}
    listed = {permission.code for permission in PREPARES | KEEPS | PUBLISHES}
    missing = [f"{code} ends with the authority, and is not listed" for code in sorted(ending - listed)]
    wrong = [f"{code} is listed, and does not end with the authority" for code in sorted(listed - ending)]
    files = sorted({access_file(code.partition(".")[0]) for code in ending ^ listed})
    assert not missing + wrong, "\n".join(
        ["", *missing, *wrong, f"PREPARES, KEEPS and PUBLISHES are in {', '.join(files)}"]
    )


def test_what_prepares_and_what_publishes_is_known() -> None:
    """Otherwise the tests above would pass whatever the roles may do."""
    assert len(PREPARES) >= 3
    assert len(PUBLISHES) >= 2

from access.rules import ALL_ROLES, KEPT, Rule
from evenhand.authorities.enums import Role
from evenhand.releases.permissions import APPROVE_RELEASE, PREPARE_RELEASE

VIEWER, OFFICER, ANALYST, APPROVER = Role.VIEWER, Role.OFFICER, Role.ANALYST, Role.APPROVER
SEE_DRAFTS = frozenset({VIEWER, OFFICER, ANALYST, APPROVER})
PREPARE, PROTECT, APPROVE = frozenset({OFFICER, ANALYST}), frozenset({ANALYST}), frozenset({APPROVER})

P = "/work/{authority}/publications/"
# checked, but its figures are already published, so an approver is shown the reason why it can't be approved
CHECKED = f"{P}workforce-2023-to-2026-hidden-below-5/"
PUBLISHED = f"{P}workforce-2023-to-2026/"
DRAFT = f"{P}workforce-2026-alone/"
REFUSED = frozenset({409})

RULES = {
    "releases:publications": Rule(P, opens=ALL_ROLES),
    "releases:draft": Rule("/work/{authority}/new-publication/", opens=PREPARE, posts=PREPARE),
    "releases:publication": Rule(CHECKED, opens=SEE_DRAFTS),
    "releases:preview": Rule(f"{CHECKED}preview/", opens=SEE_DRAFTS),
    "releases:preview_period": Rule(f"{CHECKED}preview/2024/", opens=SEE_DRAFTS),
    "releases:hidden": Rule(f"{CHECKED}hidden/", opens=SEE_DRAFTS),
    "releases:another_table": Rule(f"{PUBLISHED}another-table/", opens=PROTECT),
    "releases:another_table_of": Rule(
        f"{PUBLISHED}another-table/2026/ethnicity/?together=mixed&together=black", opens=PROTECT
    ),
    "releases:protect": Rule(f"{DRAFT}protect/", opens=PROTECT, posts=PROTECT, only_posts=True),
    "releases:check": Rule(f"{DRAFT}check/", opens=PREPARE, posts=PREPARE, only_posts=True),
    "releases:approve": Rule(f"{CHECKED}approve/", opens=APPROVE, posts=APPROVE, statuses=REFUSED),
    "releases:publish": Rule(f"{CHECKED}publish/", opens=APPROVE, posts=APPROVE, statuses=REFUSED),
    "releases:reopen": Rule(f"{CHECKED}reopen/", opens=PREPARE, posts=PREPARE),
}
FREE_TEXT = {
    "DraftForm.title": KEPT,
    "ReopenForm.reason": KEPT,
}
PREPARES = {PREPARE_RELEASE}
PUBLISHES = {APPROVE_RELEASE}

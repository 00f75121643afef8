from access.rules import ALL_ROLES, KEPT, Rule
from evenhand.authorities.enums import Role
from evenhand.plans.permissions import EDIT_PLAN, PUBLISH_PLAN

SEE_DRAFTS = frozenset({Role.VIEWER, Role.OFFICER, Role.ANALYST, Role.APPROVER})
EDIT, PUBLISH = frozenset({Role.OFFICER}), frozenset({Role.APPROVER})
DRAFT = "/work/{authority}/plans/made-up-example/"

RULES = {
    "plans:plans": Rule("/work/{authority}/plans/", opens=ALL_ROLES),
    "plans:upload": Rule("/work/{authority}/new-plan/", opens=EDIT, posts=EDIT),
    "plans:plan": Rule(DRAFT, opens=SEE_DRAFTS),
    "plans:publish": Rule(f"{DRAFT}publish/", opens=PUBLISH, posts=PUBLISH),
}
FREE_TEXT = {
    "PlanUploadForm.text": KEPT,
}
PREPARES = {EDIT_PLAN}
PUBLISHES = {PUBLISH_PLAN}

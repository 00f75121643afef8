from access.rules import KEPT, Rule
from evenhand.authorities.enums import Role
from evenhand.evidence.permissions import IMPORT_EVIDENCE

SEE_DRAFTS = frozenset({Role.VIEWER, Role.OFFICER, Role.ANALYST, Role.APPROVER})
ANALYST = frozenset({Role.ANALYST})
YEAR = "/work/{authority}/figures/workforce/2026/"

RULES = {
    "evidence:figures": Rule("/work/{authority}/figures/", opens=SEE_DRAFTS),
    "evidence:upload": Rule("/work/{authority}/new-figures/", opens=ANALYST, posts=ANALYST),
    "evidence:source": Rule(
        "/work/{authority}/figures/workforce/source/", opens=ANALYST, posts=ANALYST, statuses=frozenset({200, 302})
    ),
    "evidence:snapshot": Rule(YEAR, opens=ANALYST),
    "evidence:unprotected": Rule(f"{YEAR}ethnicity/", opens=ANALYST),
}
FREE_TEXT = {
    "SourceForm.licence": KEPT,
    "SourceForm.publisher": KEPT,
    "WorkforceForm.licence": KEPT,
    "WorkforceForm.publisher": KEPT,
}
PREPARES = {IMPORT_EVIDENCE}

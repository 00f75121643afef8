from access.rules import ANYONE, Rule
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority
from evenhand.ledger.models import Entry

SEE_RECORD = frozenset(Role) - {Role.VIEWER}
C = "/authorities/{authority}/record/"


def last_entry(authority: Authority) -> Entry:
    return Entry.objects.filter(chain=authority.id).order_by("position").last()


RULES: dict[str, Rule] = {
    "public:record": Rule(C, opens=ANYONE),
    "public:record_checkpoint": Rule(f"{C}checkpoint", opens=ANYONE),
    "public:record_entry": Rule(f"{C}entries/1/", opens=ANYONE),
    "public:record_consistency": Rule(f"{C}consistency/", opens=ANYONE),
    "public:record_key": Rule("/record/key", opens=ANYONE),
    "authorities:record": Rule("/work/{authority}/record/", opens=SEE_RECORD),
    "authorities:record_entry": Rule(
        lambda authority: f"/work/{authority.slug}/record/{last_entry(authority).id}/", opens=SEE_RECORD
    ),
    "authorities:record_about": Rule(
        lambda authority: f"/work/{authority.slug}/record/about/{last_entry(authority).subject_id}/", opens=SEE_RECORD
    ),
}

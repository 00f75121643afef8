"""The rules for the addresses that every register has."""

from access.rules import KEPT, Rule
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority
from evenhand.authorities.queries import operator
from evenhand.registers import actions
from registers.examples import RegisterExample

NOBODYS_SHEET = "01a22c62-0000-7000-8000-000000000000"  # a checked sheet is for its own person alone
FREE_TEXT = {"StepForm.reason": KEPT}


def rules_of(
    example: RegisterExample, prefix: str, *, step: str, opens: frozenset[Role], edits: frozenset[Role]
) -> dict[str, Rule]:
    register, base = example.register, f"/work/{{authority}}/{prefix}"
    name = f"{register.namespace}:{register.key}"

    def record(rest: str = ""):
        def url(authority: Authority) -> str:
            existing = register.records_of(authority).first()
            if existing is None:
                existing = actions.add(register, authority, by=operator(), values=example.values(authority))
            return f"/work/{authority.slug}/{prefix}{existing.id}/{rest}"

        return url

    sheets = {
        f"{name}_sheet": Rule(f"{base}sheet/", opens=edits, posts=edits),
        f"{name}_preview": Rule(f"{base}sheet/{NOBODYS_SHEET}/", opens=edits, posts=edits, statuses=frozenset({410})),
    }
    return (sheets if register.sheet_columns else {}) | {
        f"{name}_list": Rule(base, opens=opens),
        f"{name}_add": Rule(f"{base}add/", opens=edits, posts=edits),
        f"{name}_file": Rule(f"{base}file.csv", opens=opens),
        f"{name}_detail": Rule(record(), opens=opens),
        f"{name}_edit": Rule(record("change/"), opens=edits, posts=edits),
        f"{name}_step": Rule(record(f"{step}/"), opens=edits, posts=edits),
    }

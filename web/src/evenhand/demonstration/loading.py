"""Load the demonstration with the ordinary actions, in the order in which an authority would use them."""

from collections.abc import Iterator
from importlib import resources

from evenhand.action_plan.register import ACTIONS
from evenhand.authorities import actions as authorities
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, User
from evenhand.authorities.queries import operator
from evenhand.demonstration.accounts import ROLES, email_of, name_of, pass_phrase
from evenhand.demonstration.actions import set_pass_phrase
from evenhand.demonstration.adopted import adopted
from evenhand.demonstration.bodies import (
    EXAMPLE_AUTHORITY,
    EXAMPLE_COMBINED_AUTHORITY,
    INVENTED,
    REAL,
    UNIT_OF_ROLE,
    UNITS,
    Body,
)
from evenhand.evidence.actions import WorkforceImport, import_workforce
from evenhand.evidence.intake import read_source
from evenhand.evidence.models import Snapshot
from evenhand.evidence.queries import snapshots
from evenhand.organisation.posts import POSTS
from evenhand.plans import actions as plans
from evenhand.plans.models import Plan
from evenhand.registers.actions import import_sheet
from evenhand.registers.register import Register
from evenhand.registers.sheets.checking import check_sheet
from evenhand.registers.sheets.reading import read_sheet
from evenhand.registers.sheets.staging import stage
from evenhand.releases import actions as releases
from evenhand.releases.models import Release

# The real plan, and the invented authority that adopts its words.
PLAN_FILES = {
    "lcrca-equality-objectives.yaml": EXAMPLE_COMBINED_AUTHORITY,
    "liverpool-equality-objectives-2024-2028-draft.yaml": EXAMPLE_AUTHORITY,
}
DRAFT_PLAN_FILE = "made-up-example.yaml"  # stays a draft, so that people can try the next steps
WORKFORCE_FILE = "council_workforce"
INVENTED_WORKFORCE_FILE = "invented_workforce"
# The sheets of registers, with posts first: they answer for actions.
SHEETS = {"invented_posts.csv": POSTS, "invented_actions.csv": ACTIONS}
PUBLIC_POLICY = "council_lt10"
DRAFT_POLICY = "council_lt5"


def is_empty() -> bool:
    return not Authority.objects.exists()


def load(*, real_only: bool = False) -> Iterator[str]:
    """Load everything, and yield a line of text after each step."""
    yield from load_real()
    if not real_only:
        yield from load_invented()


def load_real() -> Iterator[str]:
    """Load what real authorities have published. They have no staff here: the operator imports and publishes it."""
    by = operator()
    bodies = _add_authorities(REAL, by, invented=False)
    yield f"{len(bodies)} real authorities, shown from what they have published"
    for file_name in PLAN_FILES:
        yield f"{_publish_plan(_data('plans', file_name), file_name, by, by)}: published"
    imported = _import(WORKFORCE_FILE, by)
    yield f"{len(imported.stored)} years of workforce counts imported"
    for authority in bodies:
        if stored := list(snapshots(authority)):
            yield f"{_publish_workforce(authority, stored, analyst=by, approver=by)}: published"


def load_invented() -> Iterator[str]:
    """Load the invented authorities: the words of the real plans, made-up figures, and work to be done."""
    by = operator()
    bodies = _add_authorities(INVENTED, by, invented=True)
    for authority in bodies:
        _add_staff(authority, by)
    people = set_pass_phrase(bodies, by=by, phrase=pass_phrase())
    yield f"{len(bodies)} invented authorities with {people} people, one for each role at each authority"
    for file_name, slug in PLAN_FILES.items():
        authority = next(body for body in bodies if body.slug == slug)
        text = adopted(_data("plans", file_name), file_name, authority=slug, authority_name=authority.name)
        officer, approver = _one(authority, Role.OFFICER), _one(authority, Role.APPROVER)
        yield f"{_publish_plan(text, file_name, officer, approver)}: published"
    council = next(body for body in bodies if body.slug == EXAMPLE_AUTHORITY)
    officer, analyst, approver = (_one(council, role) for role in (Role.OFFICER, Role.ANALYST, Role.APPROVER))
    for file_name, register in SHEETS.items():
        yield f"{_import_sheet(register, council, file_name, officer)} {register.words.items} imported"
    draft_plan = plans.import_plan(_data("plans", DRAFT_PLAN_FILE), by=officer, name=DRAFT_PLAN_FILE).plan
    yield f"{draft_plan}: draft"
    imported = _import(INVENTED_WORKFORCE_FILE, analyst)
    yield f"{len(imported.stored)} years of invented workforce counts imported"
    stored = list(snapshots(council))
    yield f"{_publish_workforce(council, stored, analyst=analyst, approver=approver)}: published"
    yield from _draft_releases(council, stored, officer=officer, analyst=analyst)


def _add_authorities(bodies: tuple[Body, ...], by: User, *, invented: bool) -> list[Authority]:
    added: dict[str, Authority] = {}
    for body in bodies:
        added[body.slug] = authorities.add(
            by=by,
            slug=body.slug,
            name=body.name,
            kind=body.kind,
            area_code=body.area_code,
            area_name=body.area_name,
            parent=added.get(body.parent),
            demonstration=True,
            invented=invented,
        )
    return list(added.values())


def _add_staff(authority: Authority, by: User) -> None:
    units = {}
    for name, parts in UNITS.items():
        units[name] = authorities.add_unit(authority, by=by, name=name)
        for part in parts:
            units[part] = authorities.add_unit(authority, by=by, name=part, parent=units[name])
    for role in ROLES:
        email = email_of(role, authority.slug)
        person = authorities.add_member(authority, by=by, email=email, name=name_of(role, authority), role=role).user
        if role in UNIT_OF_ROLE:
            authorities.place(authority, person, by=by, unit=units[UNIT_OF_ROLE[role]])


def _publish_plan(text: bytes, name: str, author: User, approver: User) -> Plan:
    return plans.publish(plans.import_plan(text, by=author, name=name).plan, by=approver)


def _import_sheet(register: Register, authority: Authority, name: str, by: User) -> int:
    """As an officer would, who uploads the sheet and confirms what was checked."""
    sheet = read_sheet(_data("data", name), name)
    staged = stage(register, authority, by, name, sheet, check_sheet(register, authority, sheet))
    return import_sheet(register, staged, by=by).added


def _import(name: str, by: User) -> WorkforceImport:
    source = read_source(_data("data", f"{name}.source.toml"), f"{name}.source.toml")
    return import_workforce(_data("data", f"{name}.csv"), by=by, name=f"{name}.csv", source=source)


def _publish_workforce(authority: Authority, stored: list[Snapshot], *, analyst: User, approver: User) -> Release:
    years = _years(stored)
    release = releases.draft(
        authority,
        by=analyst,
        slug=f"workforce-{years.replace(' ', '-')}",
        title=f"Workforce representation, {years}",
        policy_id=PUBLIC_POLICY,
        snapshots=stored,
    )
    releases.protect(release, by=analyst)
    releases.check(release, by=analyst)
    releases.approve(release, by=approver)
    return releases.publish(release, by=approver)


def _draft_releases(authority: Authority, stored: list[Snapshot], *, officer: User, analyst: User) -> Iterator[str]:
    """Draft a release that the approver cannot publish next to the published one, and one to be protected."""
    years = _years(stored)
    checked = releases.draft(
        authority,
        by=analyst,
        slug=f"workforce-{years.replace(' ', '-')}-hidden-below-5",
        title=f"Workforce representation, {years} (draft, hidden below 5)",
        policy_id=DRAFT_POLICY,
        snapshots=stored,
    )
    releases.protect(checked, by=analyst)
    releases.check(checked, by=analyst)
    yield f"{checked}: draft, protected and checked"
    unprotected = releases.draft(
        authority,
        by=officer,
        slug=f"workforce-{stored[-1].year}-alone",
        title=f"Workforce representation, {stored[-1].year} only (to try the steps)",
        policy_id=PUBLIC_POLICY,
        snapshots=stored[-1:],
    )
    yield f"{unprotected}: draft"


def _years(stored: list[Snapshot]) -> str:
    return f"{stored[0].year} to {stored[-1].year}" if len(stored) > 1 else str(stored[0].year)


def _one(authority: Authority, role: Role) -> User:
    return User.objects.get(memberships__authority=authority, memberships__role=role)


def _data(folder: str, name: str) -> bytes:
    return resources.files("evenhand.demonstration").joinpath(folder, name).read_bytes()

"""Load the demonstration with the ordinary actions, in the order in which an authority would use them."""

from collections.abc import Iterator
from importlib import resources

from evenhand.authorities import actions as authorities
from evenhand.authorities.enums import Kind, Role
from evenhand.authorities.models import Authority, User
from evenhand.authorities.queries import operator
from evenhand.demonstration.accounts import EXAMPLE_AUTHORITY, ROLES, email_of, name_of, pass_phrase
from evenhand.demonstration.actions import set_pass_phrase
from evenhand.evidence.actions import import_workforce
from evenhand.evidence.intake import read_source
from evenhand.evidence.models import Snapshot
from evenhand.evidence.queries import snapshots
from evenhand.plans import actions as plans
from evenhand.releases import actions as releases

LCR = "liverpool-city-region-combined-authority"
# slug, name, kind, area code, area name, parent's slug
BODIES: tuple[tuple[str, str, Kind, str, str, str], ...] = (
    (
        LCR,
        "Liverpool City Region Combined Authority",
        Kind.COMBINED_AUTHORITY,
        "E47000004",
        "Liverpool City Region",
        "",
    ),
    ("halton-borough-council", "Halton Borough Council", Kind.UNITARY_AUTHORITY, "E06000006", "Halton", LCR),
    ("knowsley-council", "Knowsley Council", Kind.METROPOLITAN_DISTRICT, "E08000011", "Knowsley", LCR),
    ("liverpool-city-council", "Liverpool City Council", Kind.METROPOLITAN_DISTRICT, "E08000012", "Liverpool", LCR),
    (
        "st-helens-borough-council",
        "St Helens Borough Council",
        Kind.METROPOLITAN_DISTRICT,
        "E08000013",
        "St Helens",
        LCR,
    ),
    ("sefton-council", "Sefton Council", Kind.METROPOLITAN_DISTRICT, "E08000014", "Sefton", LCR),
    ("wirral-council", "Wirral Council", Kind.METROPOLITAN_DISTRICT, "E08000015", "Wirral", LCR),
    ("calderdale-council", "Calderdale Council", Kind.METROPOLITAN_DISTRICT, "E08000033", "Calderdale", ""),
    ("leeds-city-council", "Leeds City Council", Kind.METROPOLITAN_DISTRICT, "E08000035", "Leeds", ""),
)
PLAN_FILES = ("lcrca-equality-objectives.yaml", "liverpool-equality-objectives-2024-2028-draft.yaml")
DRAFT_PLAN_FILE = "made-up-example.yaml"  # stays a draft, so that people can try the next steps
WORKFORCE_FILE = "council_workforce"
PUBLIC_POLICY = "council_lt10"
DRAFT_POLICY = "council_lt5"


def is_empty() -> bool:
    return not Authority.objects.exists()


def load() -> Iterator[str]:
    """Load everything, and yield a line of text after each step."""
    by = operator()
    bodies = _add_authorities(by)
    people = set_pass_phrase(bodies, by=by, phrase=pass_phrase())
    yield f"{len(bodies)} authorities with {people} people, one for each role at each authority"
    for file_name in PLAN_FILES:
        plan = plans.import_plan(_data("plans", file_name), by=by, name=file_name).plan
        plans.publish(plan, by=by)
        yield f"{plan}: published"
    calderdale = next(body for body in bodies if body.slug == EXAMPLE_AUTHORITY)
    officer = _one(calderdale, Role.OFFICER)
    draft_plan = plans.import_plan(_data("plans", DRAFT_PLAN_FILE), by=officer, name=DRAFT_PLAN_FILE).plan
    yield f"{draft_plan}: draft"
    source = read_source(_data("data", f"{WORKFORCE_FILE}.source.toml"), f"{WORKFORCE_FILE}.source.toml")
    imported = import_workforce(
        _data("data", f"{WORKFORCE_FILE}.csv"), by=by, name=f"{WORKFORCE_FILE}.csv", source=source
    )
    yield f"{len(imported.stored)} years of workforce counts imported"
    for authority in bodies:
        yield from _publish_workforce(authority)


def _add_authorities(by: User) -> list[Authority]:
    added: dict[str, Authority] = {}
    for slug, name, kind, area_code, area_name, parent in BODIES:
        added[slug] = authorities.add(
            by=by,
            slug=slug,
            name=name,
            kind=kind,
            area_code=area_code,
            area_name=area_name,
            parent=added.get(parent),
            demonstration=True,
        )
        for role in ROLES:
            authorities.add_member(
                added[slug],
                by=by,
                email=email_of(role, slug),
                name=name_of(role, added[slug]),
                role=role,
            )
    return list(added.values())


def _publish_workforce(authority: Authority) -> Iterator[str]:
    stored = list(snapshots(authority))
    if not stored:
        return
    analyst, approver = (_one(authority, role) for role in (Role.ANALYST, Role.APPROVER))
    years = f"{stored[0].year} to {stored[-1].year}" if len(stored) > 1 else str(stored[0].year)
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
    releases.publish(release, by=approver)
    yield f"{release}: published"
    if len(stored) > 1:
        yield from _draft_releases(authority, stored, years)


def _draft_releases(authority: Authority, stored: list[Snapshot], years: str) -> Iterator[str]:
    """Draft a release that the approver cannot publish next to the published one, and one to be protected."""
    analyst, officer = _one(authority, Role.ANALYST), _one(authority, Role.OFFICER)
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


def _one(authority: Authority, role: Role) -> User:
    return User.objects.get(memberships__authority=authority, memberships__role=role)


def _data(folder: str, name: str) -> bytes:
    return resources.files("evenhand.demonstration").joinpath(folder, name).read_bytes()

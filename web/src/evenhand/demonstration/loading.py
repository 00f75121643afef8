"""Loads the demonstration through the ordinary actions, in the order in which an authority would take them."""

from collections.abc import Iterator
from importlib import resources

from evenhand.authorities import actions as authorities
from evenhand.authorities.enums import Kind, Role
from evenhand.authorities.models import Authority, User
from evenhand.authorities.queries import operator
from evenhand.demonstration.actions import let_in
from evenhand.demonstration.cast import CAST, SHOWN, email_of, name_of, pass_phrase
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
PLAN_TO_PUBLISH = "made-up-example.yaml"  # left as a draft, so that the steps can be tried
WORKFORCE_FILE = "council_workforce"
PUBLIC_POLICY = "council_lt10"
DRAFT_POLICY = "council_lt5"


def is_empty() -> bool:
    return not Authority.objects.exists()


def load() -> Iterator[str]:
    """Does the whole of it, and says each step as it is done."""
    by = operator()
    bodies = _bodies(by)
    people = let_in(bodies, by=by, phrase=pass_phrase())
    yield f"{len(bodies)} authorities with {people} people, one for each role at each"
    for file in PLAN_FILES:
        plan = plans.import_plan(_data("plans", file), by=by, name=file).plan
        plans.publish(plan, by=by)
        yield f"{plan}: published"
    calderdale = next(each for each in bodies if each.slug == SHOWN)
    officer = _one(calderdale, Role.OFFICER)
    waiting = plans.import_plan(_data("plans", PLAN_TO_PUBLISH), by=officer, name=PLAN_TO_PUBLISH).plan
    yield f"{waiting}: kept as a draft"
    source = read_source(_data("data", f"{WORKFORCE_FILE}.source.toml"), f"{WORKFORCE_FILE}.source.toml")
    imported = import_workforce(
        _data("data", f"{WORKFORCE_FILE}.csv"), by=by, name=f"{WORKFORCE_FILE}.csv", source=source
    )
    yield f"{len(imported.stored)} years of workforce counts taken in"
    for authority in bodies:
        yield from _publish_workforce(authority)


def _bodies(by: User) -> list[Authority]:
    made: dict[str, Authority] = {}
    for slug, name, kind, area_code, area_name, parent in BODIES:
        made[slug] = authorities.add(
            by=by,
            slug=slug,
            name=name,
            kind=kind,
            area_code=area_code,
            area_name=area_name,
            parent=made.get(parent),
            demonstration=True,
        )
        for role in CAST:
            authorities.add_member(
                made[slug],
                by=by,
                email=email_of(role, slug),
                name=name_of(role, made[slug]),
                role=role,
            )
    return list(made.values())


def _publish_workforce(authority: Authority) -> Iterator[str]:
    held = list(snapshots(authority))
    if not held:
        return
    analyst, approver = (_one(authority, role) for role in (Role.ANALYST, Role.APPROVER))
    years = f"{held[0].year} to {held[-1].year}" if len(held) > 1 else str(held[0].year)
    release = releases.draft(
        authority,
        by=analyst,
        slug=f"workforce-{years.replace(' ', '-')}",
        title=f"Workforce representation, {years}",
        policy_id=PUBLIC_POLICY,
        snapshots=held,
    )
    releases.protect(release, by=analyst)
    releases.check(release, by=analyst)
    releases.approve(release, by=approver)
    releases.publish(release, by=approver)
    yield f"{release}: published"
    if len(held) > 1:
        yield from _leave_to_do(authority, held, years)


def _leave_to_do(authority: Authority, held: list[Snapshot], years: str) -> Iterator[str]:
    """One for the approver, who finds why it can't go out beside the one that is; one for the analyst to protect."""
    analyst, officer = _one(authority, Role.ANALYST), _one(authority, Role.OFFICER)
    checked = releases.draft(
        authority,
        by=analyst,
        slug=f"workforce-{years.replace(' ', '-')}-hidden-below-5",
        title=f"Workforce representation, {years} (draft, hidden below 5)",
        policy_id=DRAFT_POLICY,
        snapshots=held,
    )
    releases.protect(checked, by=analyst)
    releases.check(checked, by=analyst)
    yield f"{checked}: kept as a draft"
    begun = releases.draft(
        authority,
        by=officer,
        slug=f"workforce-{held[-1].year}-alone",
        title=f"Workforce representation, {held[-1].year} alone (to try the steps)",
        policy_id=PUBLIC_POLICY,
        snapshots=held[-1:],
    )
    yield f"{begun}: begun"


def _one(authority: Authority, role: Role) -> User:
    return User.objects.get(memberships__authority=authority, memberships__role=role)


def _data(folder: str, name: str) -> bytes:
    return resources.files("evenhand.demonstration").joinpath(folder, name).read_bytes()

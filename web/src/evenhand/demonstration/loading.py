"""Loads the demonstration through the ordinary actions, in the order in which an authority would take them."""

from collections.abc import Iterator
from importlib import resources

from evenhand.authorities import actions as authorities
from evenhand.authorities.enums import Kind, Role
from evenhand.authorities.models import Authority, User
from evenhand.authorities.queries import operator
from evenhand.evidence.actions import import_workforce
from evenhand.evidence.intake import read_source
from evenhand.evidence.queries import snapshots
from evenhand.plans import actions as plans
from evenhand.releases import actions as releases

# slug, name, kind, area code, area name, parent's slug
BODIES: tuple[tuple[str, str, Kind, str, str, str], ...] = (
    (
        "liverpool-city-region-combined-authority",
        "Liverpool City Region Combined Authority",
        Kind.COMBINED_AUTHORITY,
        "E47000004",
        "Liverpool City Region",
        "",
    ),
    (
        "liverpool-city-council",
        "Liverpool City Council",
        Kind.METROPOLITAN_DISTRICT,
        "E08000012",
        "Liverpool",
        "liverpool-city-region-combined-authority",
    ),
    ("calderdale-council", "Calderdale Council", Kind.METROPOLITAN_DISTRICT, "E08000033", "Calderdale", ""),
    ("leeds-city-council", "Leeds City Council", Kind.METROPOLITAN_DISTRICT, "E08000035", "Leeds", ""),
)
PLAN_FILES = ("lcrca-equality-objectives.yaml", "liverpool-equality-objectives-2024-2028-draft.yaml")
WORKFORCE_FILE = "council_workforce"
PUBLIC_POLICY = "council_lt10"
DRAFT_POLICY = "council_lt5"
CAST = (Role.OFFICER, Role.ANALYST, Role.APPROVER)


def is_empty() -> bool:
    return not Authority.objects.exists()


def load() -> Iterator[str]:
    """Does the whole of it, and says each step as it is done."""
    by = operator()
    bodies = _bodies(by)
    yield f"{len(bodies)} authorities, each with an officer, an analyst and an approver"
    for file in PLAN_FILES:
        plan = plans.import_plan(_data("plans", file), by=by, name=file).plan
        plans.publish(plan, by=by)
        yield f"{plan}: published"
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
                email=f"{role}@{slug}.example",
                name=f"Example {role.label.lower()} of {name}",
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
        draft = releases.draft(
            authority,
            by=analyst,
            slug=f"workforce-{years.replace(' ', '-')}-hidden-below-5",
            title=f"Workforce representation, {years} (draft, hidden below 5)",
            policy_id=DRAFT_POLICY,
            snapshots=held,
        )
        releases.protect(draft, by=analyst)
        releases.check(draft, by=analyst)
        yield f"{draft}: kept as a draft"


def _one(authority: Authority, role: Role) -> User:
    return User.objects.get(memberships__authority=authority, memberships__role=role)


def _data(folder: str, name: str) -> bytes:
    return resources.files("evenhand.demonstration").joinpath(folder, name).read_bytes()

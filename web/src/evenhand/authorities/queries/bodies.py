from django.db.models import F, QuerySet
from django.http import Http404

from evenhand.authorities.models import Authority, Succession
from evenhand.records import slugs

NAMESPACE = "authorities"


class UnknownAuthority(LookupError):
    """No authority has this slug, now or in the past."""


def authority(slug: str) -> Authority:
    """The authority with this slug, current or former."""
    authority_id = slugs.owner_of(NAMESPACE, slug)
    if authority_id is None:
        existing = ", ".join(Authority.objects.values_list("slug", flat=True)) or "none yet"
        raise UnknownAuthority(
            f"There is no authority “{slug}” (existing authorities: {existing}). "
            f"To add it, run: evenhand authority add {slug} --name … --kind … --area-code … --area-name …"
        )
    return Authority.objects.get(id=authority_id)


def authority_or_404(slug: str) -> Authority:
    try:
        return authority(slug)
    except UnknownAuthority as unknown:
        raise Http404(str(unknown)) from unknown


def authorities() -> QuerySet[Authority]:
    """The real authorities. Invented ones are never listed or counted with them."""
    return Authority.objects.filter(invented=False).select_related("parent").order_by("name")


def invented_authorities() -> QuerySet[Authority]:
    """The invented authorities: those that have no parent first, then by name."""
    return (
        Authority.objects.filter(invented=True)
        .select_related("parent")
        .order_by(F("parent").asc(nulls_first=True), "name")
    )


def has_demonstration() -> bool:
    return authorities().filter(demonstration=True).exists()


def bodies_above(authority: Authority) -> list[Authority]:
    """The body that the authority is a member of, the body that that one is a member of, and so on."""
    bodies: list[Authority] = []
    parent = authority.parent
    while parent is not None and parent not in bodies:
        bodies.append(parent)
        parent = parent.parent
    return bodies


def later_bodies(authority: Authority) -> set[Authority]:
    """All successors of the authority, direct and indirect."""
    later: set[Authority] = set()
    queue = [authority]
    while queue:
        for successor in Authority.objects.filter(inheritances__predecessor=queue.pop()):
            if successor not in later:
                later.add(successor)
                queue.append(successor)
    return later


def predecessors(authority: Authority) -> QuerySet[Succession]:
    """The successions in which the authority took over from another body, oldest first."""
    return Succession.objects.filter(successor=authority).select_related("predecessor").order_by("on")


def successors(authority: Authority) -> QuerySet[Succession]:
    """The successions in which another body took over from the authority, oldest first."""
    return Succession.objects.filter(predecessor=authority).select_related("successor").order_by("on")

from django.db.models import QuerySet
from django.http import Http404

from evenhand.authorities.models import Authority, Succession
from evenhand.records import slugs

NAMESPACE = "authorities"


class UnknownAuthority(LookupError):
    """No authority has, or ever had, this slug."""


def authority(slug: str) -> Authority:
    """The authority whose slug this is or once was."""
    found = slugs.owner_of(NAMESPACE, slug)
    if found is None:
        known = ", ".join(Authority.objects.values_list("slug", flat=True)) or "none yet"
        raise UnknownAuthority(
            f"No authority “{slug}” is known here (known: {known}). "
            f"Add it with: evenhand authority add {slug} --name … --kind … --area-code … --area-name …"
        )
    return Authority.objects.get(id=found)


def authority_or_404(slug: str) -> Authority:
    try:
        return authority(slug)
    except UnknownAuthority as unknown:
        raise Http404(str(unknown)) from unknown


def authorities() -> QuerySet[Authority]:
    return Authority.objects.select_related("parent").order_by("name")


def holds_a_demonstration() -> bool:
    return Authority.objects.filter(demonstration=True).exists()


def bodies_above(authority: Authority) -> list[Authority]:
    """The body that it is a member of, and the one that that one is a member of."""
    found: list[Authority] = []
    above = authority.parent
    while above is not None and above not in found:
        found.append(above)
        above = above.parent
    return found


def later_bodies(authority: Authority) -> set[Authority]:
    """All that took over from it, at once or by way of others."""
    found: set[Authority] = set()
    waiting = [authority]
    while waiting:
        for each in Authority.objects.filter(inheritances__predecessor=waiting.pop()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found


def predecessors(authority: Authority) -> QuerySet[Succession]:
    """The bodies that it took over from, oldest first, each with the day and what that breaks in the figures."""
    return Succession.objects.filter(successor=authority).select_related("predecessor").order_by("on")


def successors(authority: Authority) -> QuerySet[Succession]:
    """The bodies that took over from it."""
    return Succession.objects.filter(predecessor=authority).select_related("successor").order_by("on")

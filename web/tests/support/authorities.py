"""Authorities for tests: real ones that work with the site themselves, and the invented one with the cast."""

from evenhand.authorities.models import Authority
from evenhand.demonstration.bodies import EXAMPLE_AUTHORITY


def with_own_staff(slug: str) -> Authority:
    """A real authority of the demonstration, no longer only shown from published sources: people may work for it."""
    Authority.objects.filter(slug=slug).update(demonstration=False)
    return Authority.objects.get(slug=slug)


def calderdale_with_staff() -> Authority:
    return with_own_staff("calderdale-council")


def leeds_with_staff() -> Authority:
    return with_own_staff("leeds-city-council")


def exampleton() -> Authority:
    """The invented council of the demonstration, which has a person for each role."""
    return Authority.objects.get(slug=EXAMPLE_AUTHORITY)

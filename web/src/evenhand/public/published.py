"""Published releases and plans of an authority, for the staff page of the authority that it is a member of."""

from collections.abc import Iterator

from django.urls import reverse

from evenhand.authorities.models import Authority
from evenhand.modules import PublishedItem
from evenhand.plans.queries import published as published_plans
from evenhand.releases.queries import published as published_releases


def published_items(authority: Authority) -> Iterator[PublishedItem]:
    for release in published_releases(authority):
        assert release.published_at is not None
        link = reverse("public:publication", kwargs={"authority": authority.slug, "release": release.slug})
        yield PublishedItem(release.title, link, release.published_at)
    for plan in published_plans(authority):
        assert plan.published_at is not None
        link = reverse("public:plan", kwargs={"authority": authority.slug, "plan": plan.slug})
        yield PublishedItem(plan.title, link, plan.published_at)

"""What an authority has put out, for the staff page on which the body above it sees what its members published."""

from collections.abc import Iterator

from django.urls import reverse

from evenhand.authorities.models import Authority
from evenhand.authorities.published import Published
from evenhand.plans.queries import published as plans_out
from evenhand.releases.queries import published as releases_out


def put_out(authority: Authority) -> Iterator[Published]:
    for release in releases_out(authority):
        assert release.published_at is not None
        link = reverse("public:publication", kwargs={"authority": authority.slug, "release": release.slug})
        yield Published(release.title, link, release.published_at)
    for plan in plans_out(authority):
        assert plan.published_at is not None
        link = reverse("public:plan", kwargs={"authority": authority.slug, "plan": plan.slug})
        yield Published(plan.title, link, plan.published_at)

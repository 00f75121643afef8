"""What the members of a combined authority have published."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.authorities.access import staff_of
from evenhand.authorities.models import Authority
from evenhand.authorities.published import published_by


@staff_of()
@require_safe
def members(request: HttpRequest, authority: Authority) -> HttpResponse:
    published = [(member, published_by(member)) for member in authority.members.order_by("name")]
    return render(request, "authorities/members.html", {"authority": authority, "published": published})

"""The real site with one extra page for crash tests, which makes a change and sends a message in one transaction."""

from evenhand.config.wsgi import application

# models can only be imported after it
# isort: split

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from evenhand.authorities import actions as authorities
from evenhand.authorities.access import anyone
from evenhand.authorities.enums import Role
from evenhand.authorities.queries import authority, operator
from evenhand.config import urls
from evenhand.notifications.actions import send

__all__ = ["application"]


@anyone
@csrf_exempt
def write(request: HttpRequest, name: str) -> HttpResponse:
    email = f"{name}@crash.example"
    with transaction.atomic():
        member = authorities.add_member(authority("anywhere"), by=operator(), email=email, name=name, role=Role.VIEWER)
        send(email, f"Welcome, {name}", "You may look.", about=member.id)
    return HttpResponse(str(member.id))


urls.urlpatterns.append(path("write/<slug:name>/", write))

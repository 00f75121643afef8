"""The addresses of this room that are open to everyone."""

from django.urls import path

from evenhand.authorities.views import home

urlpatterns = [path("roles/", home.roles, name="roles")]

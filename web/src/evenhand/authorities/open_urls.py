"""The addresses of this app that need no sign-in."""

from django.urls import path

from evenhand.authorities.views import home

urlpatterns = [path("roles/", home.roles, name="roles")]

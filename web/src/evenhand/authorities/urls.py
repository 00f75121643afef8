from django.urls import path

from evenhand.authorities.views import home

app_name = "authorities"
urlpatterns = [path("", home.home, name="home")]

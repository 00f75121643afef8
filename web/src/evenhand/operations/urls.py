from django.urls import path

from evenhand.operations.documents.urls import urlpatterns as documents
from evenhand.operations.views import machines

app_name = "operations"
urlpatterns = [
    path("health/live", machines.live, name="live"),
    path("health/ready", machines.ready, name="ready"),
    path("metrics", machines.counted, name="metrics"),
    path(".well-known/security.txt", machines.security_txt, name="security_txt"),
    path("security/", machines.security, name="security"),
    path("robots.txt", machines.robots_txt, name="robots_txt"),
    *documents,
]

from django.urls import path

from evenhand.operations.documents.urls import urlpatterns as documents
from evenhand.operations.views import monitoring

app_name = "operations"
urlpatterns = [
    path("health/live", monitoring.live, name="live"),
    path("health/ready", monitoring.ready, name="ready"),
    path("metrics", monitoring.metrics_page, name="metrics"),
    path(".well-known/security.txt", monitoring.security_txt, name="security_txt"),
    path("security/", monitoring.security, name="security"),
    path("robots.txt", monitoring.robots_txt, name="robots_txt"),
    *documents,
]

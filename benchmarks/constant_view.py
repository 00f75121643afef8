"""The site with one more page, for `make bench` only: a view without work, whose response goes through the middleware.

Not part of the installed packages, so no installation can serve it.
"""

from evenhand.config.wsgi import application  # isort: skip  first, because it loads the settings and the apps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from evenhand.config import urls

__all__ = ["application", "constant_view", "urlpatterns"]


@login_not_required
@require_safe
def constant_view(_request: HttpRequest, size: int) -> HttpResponse:
    return HttpResponse(b"x" * size)


urlpatterns = [path("constant/<int:size>/", constant_view), *urls.urlpatterns]
settings.ROOT_URLCONF = __name__

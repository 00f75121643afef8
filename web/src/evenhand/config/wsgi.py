import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from evenhand.config.middleware.well_formed import mark_unsupported_charset
from evenhand.config.production import exit_if_unsafe

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.config.settings")
exit_if_unsafe()
_django_application = get_wsgi_application()
from evenhand.public.versions import site_version  # noqa: E402  only after the apps are loaded

site_version()  # before gunicorn starts its processes


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    mark_unsupported_charset(environ)
    return _django_application(environ, start_response)

import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from evenhand.config.middleware.wellformed import known_charset
from evenhand.config.production import insist

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.config.settings")
insist()
_site = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    known_charset(environ)
    return _site(environ, start_response)

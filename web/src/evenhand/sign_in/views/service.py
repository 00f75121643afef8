"""To the body's own sign-in service and back. Whatever goes wrong there ends in a page that says what to do."""

import logging
from collections.abc import Callable

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from requests import RequestException

from evenhand.authorities.access import anyone
from evenhand.sign_in import service
from evenhand.sign_in.service import PROVIDER, Service

log = logging.getLogger(__name__)


@anyone
@never_cache
@require_safe
def there(request: HttpRequest, provider_id: str) -> HttpResponse:
    """A link, not a form: the policy of the page lets no form end at another host, and the way there is no secret."""
    return _answer(request, provider_id, lambda: Service(request).send_there())


@anyone
@never_cache
@require_safe
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    if request.GET.get("error") == "access_denied":  # some services say so without naming the sign-in that it ends
        return redirect("socialaccount_login_cancelled")
    view = OAuth2CallbackView.adapter_view(Service(request))
    return _answer(request, provider_id, lambda: view(request))


@anyone
@require_safe
def cancelled(request: HttpRequest) -> HttpResponse:
    return render(request, "sign_in/not_let_in.html", {"why": "cancelled", "service": service.name()})


def _answer(request: HttpRequest, provider_id: str, view: Callable[[], HttpResponse]) -> HttpResponse:
    if provider_id != PROVIDER:
        raise Http404
    try:
        return view()
    except SocialApp.DoesNotExist as none:
        raise Http404 from none
    except (OAuth2Error, RequestException, ValueError, KeyError, TypeError, AttributeError) as fault:
        # What another machine sends can be anything. Its kind is written down, its words are not.
        log.warning("the sign-in service did not work: %s", type(fault).__name__)
        told = {"why": "fault", "service": service.name()}
        return render(request, "sign_in/not_let_in.html", told, status=503)

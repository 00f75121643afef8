"""Redirecting to the single sign-on service and back. Any failure shows a page that says what to do."""

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
from evenhand.sign_in import oidc
from evenhand.sign_in.oidc import PROVIDER, OpenIDConnectAdapter

log = logging.getLogger(__name__)


@anyone
@never_cache
@require_safe
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Reached by a link, not a form: our Content-Security-Policy has a `form-action` that allows no other host."""
    return _call(request, provider_id, lambda: OpenIDConnectAdapter(request).redirect_to_provider())


@anyone
@never_cache
@require_safe
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    if request.GET.get("error") == "access_denied":  # some services send this without the state parameter
        return redirect("socialaccount_login_cancelled")
    view = OAuth2CallbackView.adapter_view(OpenIDConnectAdapter(request))
    return _call(request, provider_id, lambda: view(request))


@anyone
@require_safe
def cancelled(request: HttpRequest) -> HttpResponse:
    context = {"reason": "cancelled", "service": oidc.provider_name()}
    return render(request, "sign_in/not_signed_in.html", context)


def _call(request: HttpRequest, provider_id: str, view: Callable[[], HttpResponse]) -> HttpResponse:
    if provider_id != PROVIDER:
        raise Http404
    try:
        return view()
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except (OAuth2Error, RequestException, ValueError, KeyError, TypeError, AttributeError) as error:
        # The service can send anything, so only the type of the error is logged, not its text.
        log.warning("single sign-on failed: %s", type(error).__name__)
        context = {"reason": "error", "service": oidc.provider_name()}
        return render(request, "sign_in/not_signed_in.html", context, status=503)

"""Setting up and taking away second steps."""

from typing import Any

from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evenhand.authorities.access import person_of
from evenhand.sign_in.queries import NEEDS_SECOND_STEP, has_second_step, roles_anywhere
from evenhand.sign_in.second_steps import picture_of_key
from evenhand.sign_in.views.pages import entrance


class SecondSteps(IndexView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = person_of(self.request)
        asked = roles_anywhere(person) & NEEDS_SECOND_STEP if settings.EVENHAND_SECOND_FACTOR_REQUIRED else frozenset()
        missing = sorted(str(role.label) for role in asked) if not has_second_step(person) else []
        context: dict[str, Any] = super().get_context_data(**kwargs) | entrance(self.request)
        return context | {"asked_for": missing}


class AddPasskey(AddWebAuthnView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs) | entrance(self.request)
        return context


@require_safe
@never_cache
def picture(request: HttpRequest) -> HttpResponse:
    """The key that is being set up, as a picture at an address of its own, so that no page holds one inline."""
    drawn = picture_of_key()
    if drawn is None:
        raise Http404
    return HttpResponse(drawn, content_type="image/svg+xml")


class RemoveApp(DeactivateTOTPView):  # type: ignore[misc]
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _or_back(request, Authenticator.Type.TOTP, super().dispatch)


class RecoveryCodes(ViewRecoveryCodesView):  # type: ignore[misc]
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _or_back(request, Authenticator.Type.RECOVERY_CODES, super().dispatch)


def _or_back(request: HttpRequest, kind: str, dispatch: Any) -> HttpResponse:
    """The page of something that the person has, or the page on which to set it up."""
    if request.method == "GET" and not Authenticator.objects.filter(user=person_of(request), type=kind).exists():
        return redirect("mfa_index")
    answer: HttpResponse = dispatch(request)
    return answer

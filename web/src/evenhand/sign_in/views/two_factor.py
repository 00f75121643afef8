"""Setting up and removing second factors."""

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
from evenhand.sign_in.queries import NEEDS_SECOND_FACTOR, has_second_factor, roles_anywhere
from evenhand.sign_in.two_factor import totp_qr_code
from evenhand.sign_in.views.page_context import sign_in_options


class TwoFactorView(IndexView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = person_of(self.request)
        is_required = settings.EVENHAND_SECOND_FACTOR_REQUIRED and not has_second_factor(person)
        roles = roles_anywhere(person) & NEEDS_SECOND_FACTOR if is_required else frozenset()
        context: dict[str, Any] = super().get_context_data(**kwargs) | sign_in_options(self.request)
        return context | {"required_for": sorted(str(role.label) for role in roles)}


class AddPasskeyView(AddWebAuthnView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs) | sign_in_options(self.request)
        return context


@require_safe
@never_cache
def qr_code(request: HttpRequest) -> HttpResponse:
    """The QR code of the key being set up. It has its own URL because the security policy allows no inline images."""
    image = totp_qr_code()
    if image is None:
        raise Http404
    return HttpResponse(image, content_type="image/svg+xml")


class RemoveAppView(DeactivateTOTPView):  # type: ignore[misc]
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _dispatch_if_set_up(request, Authenticator.Type.TOTP, super().dispatch)


class RecoveryCodesView(ViewRecoveryCodesView):  # type: ignore[misc]
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _dispatch_if_set_up(request, Authenticator.Type.RECOVERY_CODES, super().dispatch)


def _dispatch_if_set_up(request: HttpRequest, kind: str, dispatch: Any) -> HttpResponse:
    """Redirect to the two-factor page if the person has no authenticator of this kind."""
    if request.method == "GET" and not Authenticator.objects.filter(user=person_of(request), type=kind).exists():
        return redirect("mfa_index")
    response: HttpResponse = dispatch(request)
    return response

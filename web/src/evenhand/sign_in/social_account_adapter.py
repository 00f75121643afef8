"""The allauth social account adapter: which single sign-on identities are matched to which accounts.

People sign in if their identity is already linked, their verified email address has an account, they have an
invitation, or one of their groups gives them a role. The link is issuer and subject. An email address creates a link
only if the service says that it is verified.
"""

import hmac
from typing import Any, NoReturn

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import render

from evenhand.authorities.actions import accept, accept_as, sync_roles
from evenhand.authorities.errors import NotPossible
from evenhand.authorities.models import Membership, User
from evenhand.authorities.queries import open_invitation, operator
from evenhand.sign_in import actions, oidc
from evenhand.sign_in.oidc import PROVIDER, Claims
from evenhand.sign_in.queries import roles_anywhere

INVITATION = "invitation"  # session key: the token of the invitation that the person followed


class SignInRefused(Exception):
    """Rolls back the transaction for someone who may not sign in. Its text is a reason code for the template."""


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def get_requests_session(self) -> requests.Session:
        return oidc.http_session()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> User:
        """Fill in nothing: allauth would set fields that our User model does not have."""
        user: User = sociallogin.user
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        claims: Claims = sociallogin.claims
        expected_nonce = str(sociallogin.state.get("nonce") or "")
        if not expected_nonce or not hmac.compare_digest(expected_nonce, claims.nonce):
            refuse(request, "tampered")
        try:
            with transaction.atomic():
                self._connect_user(request, sociallogin, claims)
        except SignInRefused as error:
            refuse(request, str(error))
        except NotPossible as error:
            refuse(request, "invitation", str(error))
        if not roles_anywhere(sociallogin.user):  # an existing account: roles that have ended stay ended
            refuse(request, "no role")

    def _connect_user(self, request: HttpRequest, sociallogin: SocialLogin, claims: Claims) -> None:
        is_existing = sociallogin.is_existing
        user = sociallogin.user if is_existing else self._get_or_create_user(request, claims)
        sync_roles(user, groups=claims.groups, provider=PROVIDER, by=operator())
        user.refresh_from_db()
        if roles_anywhere(user):
            if not is_existing:
                sociallogin.connect(request, user)
        elif not is_existing and not Membership.objects.filter(user=user).exists():
            raise SignInRefused("no role")  # rolls back an account created a moment ago
        sociallogin.user = user

    def _get_or_create_user(self, request: HttpRequest, claims: Claims) -> User:
        """The account with the verified email address, the invited person, or a new account."""
        if not claims.email or not claims.email_is_verified:
            raise SignInRefused("address")
        invitation = open_invitation(request.session.pop(INVITATION, ""))
        user = User.objects.filter(email=claims.email, is_operator=False).first()
        if invitation and invitation.email == claims.email:
            if user and user.is_active:
                return accept_as(invitation, by=user)
            return accept(invitation, password=None, name=claims.name or invitation.name)
        if user and user.is_active and _is_linked_to_issuer(user, claims):
            raise SignInRefused("address")
        if user and user.is_active:
            return user
        if user:
            raise SignInRefused("left")
        return actions.make_account(claims.email, name=claims.name or claims.email, by=operator())


def _is_linked_to_issuer(user: User, claims: Claims) -> bool:
    """Whether the account is linked to another subject: its email address now belongs to a new colleague."""
    links = SocialAccount.objects.filter(user=user)
    return any(link.extra_data.get("iss") == claims.issuer for link in links)


def refuse(request: HttpRequest, reason: str, message: str = "") -> NoReturn:
    context = {"reason": reason, "message": message, "service": oidc.provider_name()}
    raise ImmediateHttpResponse(render(request, "sign_in/not_signed_in.html", context, status=403))

"""Whom the service's word lets in: someone linked before, an address that it vouches for, an invitation, or a group.

The link is the issuer's subject. An address alone links only where the service says that it is the person's own.
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
from evenhand.sign_in import actions, service
from evenhand.sign_in.queries import roles_anywhere
from evenhand.sign_in.service import PROVIDER, Claims

INVITATION = "invitation"  # the secret of the invitation that the person came by, kept in the session


class NotLetIn(Exception):
    """Undoes what was begun for someone who may not come in. Its text is a word for the page."""


class ServicePeople(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def get_requests_session(self) -> requests.Session:
        return service.asking()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> User:
        """Nothing: the library would fill in fields that our people don't have."""
        user: User = sociallogin.user
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        claims: Claims = sociallogin.claims
        expected = str(sociallogin.state.get("nonce") or "")
        if not expected or not hmac.compare_digest(expected, claims.nonce):
            refuse(request, "tampered")
        try:
            with transaction.atomic():
                self._let_in(request, sociallogin, claims)
        except NotLetIn as refused:
            refuse(request, str(refused))
        except NotPossible as refused:
            refuse(request, "invitation", str(refused))
        if not roles_anywhere(sociallogin.user):  # of someone known: the roles that ended stay ended
            refuse(request, "no role")

    def _let_in(self, request: HttpRequest, sociallogin: SocialLogin, claims: Claims) -> None:
        known = sociallogin.is_existing
        user = sociallogin.user if known else self._meet(request, claims)
        sync_roles(user, groups=claims.groups, provider=PROVIDER, by=operator())
        user.refresh_from_db()
        if roles_anywhere(user):
            if not known:
                sociallogin.connect(request, user)
        elif not known and not Membership.objects.filter(user=user).exists():
            raise NotLetIn("no role")  # an account that was made a moment ago is unmade
        sociallogin.user = user

    def _meet(self, request: HttpRequest, claims: Claims) -> User:
        """The person whom the service vouches for: known by the address, invited, or new."""
        if not claims.email or not claims.email_is_theirs:
            raise NotLetIn("address")
        invitation = open_invitation(request.session.pop(INVITATION, ""))
        known = User.objects.filter(email=claims.email, is_operator=False).first()
        if invitation and invitation.email == claims.email:
            if known and known.is_active:
                return accept_as(invitation, by=known)
            return accept(invitation, password=None, name=claims.name or invitation.name)
        if known and known.is_active and _is_someone_else(known, claims):
            raise NotLetIn("address")
        if known and known.is_active:
            return known
        if known:
            raise NotLetIn("left")
        return actions.make_account(claims.email, name=claims.name or claims.email, by=operator())


def _is_someone_else(known: User, claims: Claims) -> bool:
    """The service knows the account's person as another: the address was given to a new colleague."""
    linked = SocialAccount.objects.filter(user=known)
    return any(each.extra_data.get("iss") == claims.issuer for each in linked)


def refuse(request: HttpRequest, why: str, said: str = "") -> NoReturn:
    told = {"why": why, "said": said, "service": service.name()}
    raise ImmediateHttpResponse(render(request, "sign_in/not_let_in.html", told, status=403))

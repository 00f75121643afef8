"""Single sign-on through the organisation's OpenID Connect service, with stricter checks than allauth makes.

The signature of the ID token is checked against the service's keys, even though the token comes directly from the
service. The token must carry the nonce of this sign-in and have the same subject as the userinfo response. All
requests go through `records.fetching`, which blocks addresses that the site must not call.
"""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import jwt
import requests
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from evenhand.records import fetching

PROVIDER = "service"
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]  # asymmetric only
LARGEST_BYTES, SECONDS = 1_000_000, 10.0


class OpenIDConnectError(OAuth2Error):  # type: ignore[misc]
    """The service can't be reached, or its response is invalid."""


@dataclass(frozen=True)
class Claims:
    """What the service says about the person signing in."""

    issuer: str
    subject: str
    nonce: str
    email: str
    email_is_verified: bool
    name: str
    groups: Collection[str]


def provider_name() -> str:
    """The name of the service, as shown to people. Empty if none is set up."""
    providers: dict[str, Any] = settings.SOCIALACCOUNT_PROVIDERS
    apps = providers.get("openid_connect", {}).get("APPS", [])
    return str(apps[0]["name"]) if apps else ""


class OpenIDConnectAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, PROVIDER)

    @property
    def openid_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super().openid_config
        issuer = self.get_provider().app.settings["server_url"]
        required = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "issuer")
        if not isinstance(config, dict) or any(not isinstance(config.get(key), str) for key in required):
            raise OpenIDConnectError("the discovery document is incomplete")
        if "/.well-known/" not in issuer and config["issuer"].rstrip("/") != issuer:
            raise OpenIDConnectError("the discovery document names another issuer")
        return config

    def redirect_to_provider(self) -> HttpResponse:
        nonce = secrets.token_urlsafe(24)
        provider = self.get_provider()
        response: HttpResponse = provider.redirect(
            self.request,
            process="login",
            next_url=get_next_redirect_url(self.request),
            auth_params={"nonce": nonce},
            nonce=nonce,
        )
        return response

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        response = kwargs["response"]
        if not isinstance(response.get("id_token"), str):
            raise OpenIDConnectError("the response has no ID token")
        id_token = self._decode_id_token(app, response["id_token"])
        userinfo = self._fetch_user_info(token.token)
        if not isinstance(userinfo, dict) or not id_token.get("sub") or userinfo.get("sub") != id_token["sub"]:
            raise OpenIDConnectError("the ID token and the userinfo response have different subjects")
        login: SocialLogin = self.get_provider().sociallogin_from_response(request, {"userinfo": userinfo})
        login.claims = claims_from(id_token, userinfo)
        # Two issuers may use the same subject, so the uid covers both. Only these two claims are stored.
        link = f"{id_token['iss']}\n{id_token['sub']}"
        login.account.uid = hashlib.sha256(link.encode()).hexdigest()
        login.account.extra_data = {"iss": id_token["iss"], "sub": id_token["sub"]}
        return login

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        """allauth would accept an unsigned token, because it comes directly from the service."""
        with http_session() as session:
            keys = session.get(self.openid_config["jwks_uri"])
            keys.raise_for_status()
        try:
            decoded: dict[str, Any] = jwt.decode(
                id_token,
                _signing_key(keys.json(), jwt.get_unverified_header(id_token).get("kid")),
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=60,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as error:
            raise OpenIDConnectError("the ID token is invalid") from error
        return decoded


def _signing_key(key_set: Any, key_id: str | None) -> jwt.PyJWK:
    """The service's key with this id. A token without a key id is accepted only if the service has a single key."""
    keys = [key for key in jwt.PyJWKSet.from_dict(key_set).keys if key.public_key_use in ("sig", None)]
    matching = [key for key in keys if key_id is None or key.key_id == key_id]
    if len(matching) != 1:
        raise OpenIDConnectError("the ID token is signed with an unknown key")
    return matching[0]


def claims_from(id_token: dict[str, Any], userinfo: dict[str, Any]) -> Claims:
    groups_claim = settings.EVENHAND_OIDC_GROUPS_CLAIM
    groups = userinfo.get(groups_claim) or id_token.get(groups_claim) or []
    return Claims(
        issuer=str(id_token["iss"]),
        subject=str(id_token["sub"]),
        nonce=str(id_token.get("nonce") or ""),
        email=str(userinfo.get("email") or id_token.get("email") or "").strip().lower(),
        # only the Boolean true counts: some services send text, and then "false" would count as true
        email_is_verified=userinfo.get("email_verified", id_token.get("email_verified")) is True,
        name=str(userinfo.get("name") or id_token.get("name") or "").strip()[:200],
        groups=[str(group) for group in groups] if isinstance(groups, list) else [str(groups)],
    )


def http_session() -> requests.Session:
    """The session for requests to the service. It follows no redirects: the service must answer at its own address."""
    session = fetching.session(largest_bytes=LARGEST_BYTES, seconds=SECONDS)
    session.max_redirects = 0
    return session

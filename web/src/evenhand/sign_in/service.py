"""The body's own sign-in service, by OpenID Connect: what allauth leaves open is closed here.

The identity token is checked against the service's keys although it came straight from it; it must carry the secret of
this sign-in (nonce) and be about the same person as the service's answer to our question. Whatever is asked goes by
`records.fetching`, which knows where the site may not go.
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
SIGNED_BY = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]  # never a shared secret
LARGEST_BYTES, SECONDS = 1_000_000, 10.0


class ServiceFault(OAuth2Error):  # type: ignore[misc]
    """The service can't be reached, or what it says can't be right."""


@dataclass(frozen=True)
class Claims:
    """What the service says of whoever signs in."""

    issuer: str
    subject: str
    nonce: str
    email: str
    email_is_theirs: bool
    name: str
    groups: Collection[str]


def name() -> str:
    """What people call the service; empty where there is none."""
    providers: dict[str, Any] = settings.SOCIALACCOUNT_PROVIDERS
    apps = providers.get("openid_connect", {}).get("APPS", [])
    return str(apps[0]["name"]) if apps else ""


class Service(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, PROVIDER)

    @property
    def openid_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super().openid_config
        issuer = self.get_provider().app.settings["server_url"]
        needed = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "issuer")
        if not isinstance(config, dict) or any(not isinstance(config.get(key), str) for key in needed):
            raise ServiceFault("its document is not complete")
        if "/.well-known/" not in issuer and config["issuer"].rstrip("/") != issuer:
            raise ServiceFault("its document names another issuer")
        return config

    def send_there(self) -> HttpResponse:
        nonce = secrets.token_urlsafe(24)
        provider = self.get_provider()
        answer: HttpResponse = provider.redirect(
            self.request,
            process="login",
            next_url=get_next_redirect_url(self.request),
            auth_params={"nonce": nonce},
            nonce=nonce,
        )
        return answer

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        response = kwargs["response"]
        if not isinstance(response.get("id_token"), str):
            raise ServiceFault("it gave no identity token")
        identity = self._decode_id_token(app, response["id_token"])
        told = self._fetch_user_info(token.token)
        if not isinstance(told, dict) or not identity.get("sub") or told.get("sub") != identity["sub"]:
            raise ServiceFault("its two answers are about two people")
        login: SocialLogin = self.get_provider().sociallogin_from_response(request, {"userinfo": told})
        login.claims = claims_from(identity, told)
        # Two issuers may give the same subject; and no more is kept than what links the two.
        link = f"{identity['iss']}\n{identity['sub']}"
        login.account.uid = hashlib.sha256(link.encode()).hexdigest()
        login.account.extra_data = {"iss": identity["iss"], "sub": identity["sub"]}
        return login

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        """The library would take it unsigned, because it came straight from the service."""
        with asking() as session:
            keys = session.get(self.openid_config["jwks_uri"])
            keys.raise_for_status()
        try:
            decoded: dict[str, Any] = jwt.decode(
                id_token,
                _key(keys.json(), jwt.get_unverified_header(id_token).get("kid")),
                algorithms=SIGNED_BY,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=60,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as fault:
            raise ServiceFault("its identity token can't be believed") from fault
        return decoded


def _key(document: Any, wanted: str | None) -> jwt.PyJWK:
    """The service's key of that name; where the token names none, the service may have one alone."""
    keys = [key for key in jwt.PyJWKSet.from_dict(document).keys if key.public_key_use in ("sig", None)]
    fitting = [key for key in keys if wanted is None or key.key_id == wanted]
    if len(fitting) != 1:
        raise ServiceFault("its identity token is signed with a key that it does not have")
    return fitting[0]


def claims_from(identity: dict[str, Any], told: dict[str, Any]) -> Claims:
    groups = told.get(settings.EVENHAND_OIDC_GROUPS_CLAIM) or identity.get(settings.EVENHAND_OIDC_GROUPS_CLAIM) or []
    return Claims(
        issuer=str(identity["iss"]),
        subject=str(identity["sub"]),
        nonce=str(identity.get("nonce") or ""),
        email=str(told.get("email") or identity.get("email") or "").strip().lower(),
        # the word “true” is not the value: some services send text, and then "false" would count as yes
        email_is_theirs=told.get("email_verified", identity.get("email_verified")) is True,
        name=str(told.get("name") or identity.get("name") or "").strip()[:200],
        groups=[str(group) for group in groups] if isinstance(groups, list) else [str(groups)],
    )


def asking() -> requests.Session:
    """What the library asks the service with. A service that sends elsewhere is not the one that was set up."""
    made = fetching.session(largest_bytes=LARGEST_BYTES, seconds=SECONDS)
    made.max_redirects = 0
    return made

"""Signing in with the agency's OpenID Connect provider: what is asked of it, and what of its answer is believed.

allauth carries the flow: the state that ties it to one browser, and PKCE. What it leaves out stands here: the nonce,
the signature of the ID token under the provider's own keys, and that provider and token are the configured ones. The ID
token alone is read; no other data is asked for, and none is kept but a digest of issuer and subject.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from detainer.desk.signing_in.identity import ID, IdentityProvider
from detainer.house import house

# Public keys only: a token that is signed with anything that the desk knows too proves nothing.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_CLAIMS = ("iss", "sub", "aud", "exp", "iat", "nonce")
_CLOCKS = 60  # seconds by which two clocks may differ


def origin(address: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


class Exchange(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth ships no types
    """What goes to and fro between the desk and the provider."""

    @property
    def openid_config(self) -> Mapping[str, str]:
        """The provider's own description, if it is the configured one's; OAuth2Error where it is not."""
        found: Mapping[str, str] = super().openid_config
        issuer = house().oidc_issuer
        if found.get("issuer") != issuer:
            raise OAuth2Error("the provider names another issuer")
        if origin(str(found.get("authorization_endpoint"))) != origin(issuer):
            raise OAuth2Error("the provider sends browsers to another host")
        for name in ("token_endpoint", "jwks_uri"):
            if urlsplit(str(found.get(name))).scheme not in {"https", urlsplit(issuer).scheme}:
                raise OAuth2Error(f"the {name} is no safe address")
        return found

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Where the provider sends the browser back to: one address, which is registered there."""
        return str(build_absolute_uri(request, reverse("provider_callback"), self.redirect_uri_protocol))

    def get_access_token_data(
        self, request: HttpRequest, app: SocialApp, client: Any, pkce_code_verifier: str | None = None
    ) -> Any:
        """Change the code for tokens; remember which nonce the ID token must carry."""
        self._nonce = nonce(pkce_code_verifier or "")
        try:
            return super().get_access_token_data(request, app, client, pkce_code_verifier=pkce_code_verifier)
        except (KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("the provider's answer cannot be read") from error

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **more: Any) -> SocialLogin:
        """Who the ID token names; OAuth2Error where it does not prove it."""
        try:
            claims = self._proven(app, str(more["response"]["id_token"]))
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("the ID token proves nothing") from error
        return self.get_provider().sociallogin_from_response(request, claims)

    def _proven(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        key = self._key(jwt.get_unverified_header(id_token).get("kid"))
        claims: dict[str, Any] = jwt.decode(
            id_token,
            key,
            algorithms=list(ALGORITHMS),
            audience=app.client_id,
            issuer=house().oidc_issuer,
            leeway=_CLOCKS,
            options={"require": list(_CLAIMS)},
        )
        if not hmac.compare_digest(str(claims["nonce"]).encode(), self._nonce.encode()):
            raise OAuth2Error("the ID token answers another sign-in")
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else app.client_id) != app.client_id:
            raise OAuth2Error("the ID token is for another program")
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise OAuth2Error("the ID token names nobody")
        return claims

    def _key(self, kid: str | None) -> jwt.PyJWK:
        """The provider's public key of this name; the only one there is where the token names none."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        keys = [key for key in jwt.PyJWKSet.from_dict(answer.json()).keys if key.algorithm_name in ALGORITHMS]
        fitting = [key for key in keys if kid is None or key.key_id == kid]
        if len(fitting) != 1:
            raise OAuth2Error("no key of the provider's fits")
        return fitting[0]


class AgencyProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """The agency's provider."""

    id = ID
    oauth2_adapter_class = Exchange

    def get_default_scope(self) -> list[str]:
        """Who somebody is; the e-mail address only where accounts are bound by it."""
        return ["openid", "email" if house().oidc_claim == "email" else "profile"]

    def get_pkce_params(self) -> dict[str, Any]:
        """A secret of this one sign-in, kept in its session, and what is sent of it: the challenge and the nonce."""
        made: dict[str, Any] = super().get_pkce_params()
        return {**made, "nonce": nonce(made["code_verifier"])}

    def extract_uid(self, data: Mapping[str, Any]) -> str:
        """A digest of issuer and subject: the same subject at another provider is somebody else."""
        return sha256(f"{data['iss']}\0{data['sub']}".encode()).hexdigest()

    def extract_extra_data(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Nothing of what the provider says is kept."""
        return {}

    def extract_common_fields(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Nor taken over into the account."""
        return {}

    def extract_email_addresses(self, data: Mapping[str, Any]) -> list[Any]:
        """Accounts have no e-mail address here."""
        return []

    def sociallogin_from_response(self, request: HttpRequest, response: Mapping[str, Any]) -> SocialLogin:
        """The sign-in, with the name that the configured claim gives: "" where it gives none."""
        made = super().sociallogin_from_response(request, response)
        claim = house().oidc_claim
        made.named = "" if claim == "email" and response.get("email_verified") is not True else response.get(claim, "")
        return made


def nonce(verifier: str) -> str:
    """The nonce of a sign-in, from the secret that its session keeps: only who began it can know which one fits."""
    return urlsafe_b64encode(sha256(b"nonce\0" + verifier.encode()).digest()).decode().rstrip("=")


class OpenIDConnect(IdentityProvider):
    """An OpenID Connect provider."""

    @property
    def claim(self) -> str:
        """The claim that the settings name."""
        return house().oidc_claim

    @property
    def address(self) -> str:
        """The issuer: the page where people sign in lies on its host."""
        return house().oidc_issuer

    def application(self) -> SocialApp:
        """The desk's client there."""
        here = house()
        secret = here.oidc_secret.get_secret_value() if here.oidc_secret else ""
        how = {"server_url": here.oidc_issuer.rstrip("/"), "oauth_pkce_enabled": True}
        return SocialApp(
            provider=ID, provider_id=ID, name="agency", client_id=here.oidc_client, secret=secret, settings=how
        )

    def adapter(self, request: HttpRequest, app: SocialApp) -> AgencyProvider:
        """With the flow, the nonce and the ID token."""
        return AgencyProvider(request, app=app)

    def begin(self, request: HttpRequest, where: str | None) -> HttpResponse:
        """Ask for a code."""
        asked = self.adapter(request, self.application())
        answer: HttpResponse = asked.redirect(request, process="login", next_url=where)
        return answer

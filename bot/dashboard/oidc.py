"""What is said to the gemeente's OpenID provider, and which of its answers are believed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bot.settings import PREFIX, Settings, SettingsError

ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "PS512", "ES512", "EdDSA", "Ed25519")
"""Signatures by a key that the provider alone has; never `none`, and never one with a shared secret."""
LEEWAY = 60
"""Seconds by which clocks may differ."""
PATIENCE = 10.0
"""Seconds for one answer of the provider."""
DISCOVERED = 600
"""Seconds for which its addresses are believed without asking again."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")
CALLBACK = "/aanmelden/terug"


class NotLetIn(Exception):
    """Why a sign-in failed; `why` is a text of `sign_in.failed` in locales/nl/dashboard.yml, `status` the answer's."""

    def __init__(self, why: str, status: int) -> None:
        super().__init__(why)
        self.why, self.status = why, status


@dataclass(frozen=True)
class Way:
    """One sign-in that is under way, as the browser's sealed cookie holds it."""

    state: str
    nonce: str
    verifier: str
    to: str


class Provider:
    """The provider of DREMPELHULP_OIDC_ISSUER. Raises SettingsError for an address on which others could read along."""

    def __init__(self, settings: Settings) -> None:
        self.issuer = str(settings.oidc_issuer)
        self._settings = settings
        self._callback = settings.dashboard_url.rstrip("/") + CALLBACK
        self._known: dict[str, Any] = {}
        self._asked = 0.0
        if not _is_safe(self.issuer):
            expected = "expected https://…, or http:// on this machine"
            raise SettingsError(f"{PREFIX}OIDC_ISSUER is {self.issuer!r}; {expected}")

    async def address(self, way: Way) -> str:
        """Where the browser goes to sign in."""
        known = await self._discovered()
        async with self._client(known) as client:
            url, _ = client.create_authorization_url(
                known["authorization_endpoint"], state=way.state, nonce=way.nonce, code_verifier=way.verifier
            )
        return str(url)

    async def claims(self, way: Way, code: str, now: float) -> Mapping[str, Any]:
        """What the provider says of the person who came back with this code; all of it checked. Raises NotLetIn."""
        known = await self._discovered()
        async with self._client(known) as client:
            try:
                token = await client.fetch_token(known["token_endpoint"], code=code, code_verifier=way.verifier)
            except AuthlibBaseError as error:  # invalid_grant: used before, too old, or given to another browser
                raise NotLetIn("again" if error.error == "invalid_grant" else "away", 400) from None
            except (httpx2.HTTPError, ValueError):
                raise NotLetIn("away", 502) from None
        keys = await _read(known["jwks_uri"])
        signed, client_id = str(token.get("id_token", "")), self._settings.oidc_client_id
        return believed(signed, keys, self.issuer, client_id, way.nonce, now)

    async def _discovered(self) -> dict[str, Any]:
        """The provider's own description of itself."""
        if self._known and time.monotonic() - self._asked < DISCOVERED:
            return self._known
        known = await _read(self.issuer.rstrip("/") + "/.well-known/openid-configuration")
        wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if known.get("issuer") != self.issuer or not all(_is_safe(str(known.get(name))) for name in wanted):
            raise NotLetIn("away", 502)
        self._known, self._asked = known, time.monotonic()
        return known

    def _client(self, known: Mapping[str, Any]) -> AsyncOAuth2Client:
        settings, ways = self._settings, known.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return AsyncOAuth2Client(
            settings.oidc_client_id,
            settings.oidc_client_secret,
            token_endpoint_auth_method="client_secret_basic" if "client_secret_basic" in ways else "client_secret_post",
            scope=settings.oidc_scope,
            redirect_uri=self._callback,
            code_challenge_method="S256",
            timeout=PATIENCE,
        )


async def _read(url: str) -> dict[str, Any]:
    """A JSON object that the provider publishes. Raises NotLetIn."""
    try:
        async with httpx2.AsyncClient(timeout=PATIENCE) as client:
            found = (await client.get(url)).raise_for_status().json()
    except (httpx2.HTTPError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise NotLetIn("away", 502)
    return found


def believed(token: str, keys: dict[str, Any], issuer: str, client: str, nonce: str, now: float) -> Mapping[str, Any]:
    """The claims of an id token that this issuer signed for us, now, in answer to this sign-in. Raises NotLetIn."""
    try:
        claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims  # type: ignore[arg-type]
        jwt.JWTClaimsRegistry(
            int(now),
            LEEWAY,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": client},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)
    except (JoseError, ValueError, TypeError, KeyError):
        raise NotLetIn("identity", 403) from None
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else client) != client:
        raise NotLetIn("identity", 403)
    return claims


def may(claims: Mapping[str, Any], claim: str, allowed: tuple[str, ...]) -> bool:
    """Whether one of the claim's values is allowed; nobody is kept out where nothing was listed."""
    if not allowed:
        return True
    found = claims.get(claim)
    values = [str(value) for value in (found if isinstance(found, list) else [found]) if value]
    if claim == "email":  # an address is the same in capitals; one that nobody has checked is nobody's
        values = [value.lower() for value in values] if claims.get("email_verified") in (True, "true", None) else []
        return any(address.lower() in values for address in allowed)
    return any(value in allowed for value in values)


def _is_safe(url: str) -> bool:
    """Whether nobody on the way can read along."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)

"""A small OpenID provider: it checks what a real one checks, signs with a key that it makes, and can be told to err."""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from aiohttp import BasicAuth, web
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "dashboard", "a secret between the two"


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class OidcProvider:
    """Whoever comes is `person`. `errs` changes claims (None takes one out), `forged` signs with another key."""

    url: str = ""
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "7", "groups": ["sociaal"]})
    errs: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    forged: bool = False
    down: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)
    """What came with each sign-in."""
    tokens: int = 0
    """How many id tokens were given out."""

    def __post_init__(self) -> None:
        self.key, self.other = (RSAKey.generate_key(2048, {"kid": "1"}) for _ in range(2))
        self._codes: dict[str, dict[str, str]] = {}

    def reset(self) -> None:
        self.person, self.errs = {"sub": "7", "groups": ["sociaal"]}, {}
        self.algorithm, self.forged, self.down, self.tokens = "RS256", False, False, 0
        self.asked.clear()

    async def about(self, _request: web.Request) -> web.Response:
        if self.down:
            return web.Response(status=503)
        places = {"authorization_endpoint": "auth", "token_endpoint": "token", "jwks_uri": "keys"}
        return web.json_response({"issuer": self.url} | {name: f"{self.url}/{path}" for name, path in places.items()})

    async def auth(self, request: web.Request) -> web.Response:
        query = dict(request.query)
        self.asked.append(query)
        assert query["client_id"] == CLIENT and query["code_challenge_method"] == "S256"
        assert query["response_type"] == "code" and "openid" in query["scope"].split()
        code = secrets.token_urlsafe(16)
        self._codes[code] = query
        raise web.HTTPFound(f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}")

    async def token(self, request: web.Request) -> web.Response:
        form = await request.post()
        if BasicAuth.decode(request.headers["authorization"]) != BasicAuth(CLIENT, SECRET):
            return web.json_response({"error": "invalid_client"}, status=401)
        asked = self._codes.pop(str(form["code"]), None)  # once
        challenge = _base64(sha256(str(form["code_verifier"]).encode()).digest())
        if not asked or challenge != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return web.json_response({"error": "invalid_grant"}, status=400)
        self.tokens += 1
        signed = self.signed(asked["nonce"])
        return web.json_response({"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": signed})

    def signed(self, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce, **self.person}
        claims = {name: value for name, value in {**claims, **self.errs}.items() if value is not None}
        if self.algorithm != "RS256":
            return self._unsafe(jwt.encode({"alg": "RS256"}, claims, self.key).split(".")[1])
        return jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.other if self.forged else self.key)

    def _unsafe(self, body: str) -> str:
        """Not signed at all, or with what everybody may know: the public key."""
        signed = f"{_base64(json.dumps({'alg': self.algorithm, 'kid': '1'}).encode())}.{body}"
        public = self.key.as_pem(private=False)
        return f"{signed}." + (
            "" if self.algorithm == "none" else _base64(hmac.digest(public, signed.encode(), "sha256"))
        )

    async def keys(self, _request: web.Request) -> web.Response:
        return web.json_response({"keys": [self.key.as_dict(private=False)]})

    def run(self) -> None:
        """Serves for as long as the process lives; returns when it answers."""
        ready = threading.Event()

        async def serve() -> None:
            app = web.Application()
            app.router.add_get("/.well-known/openid-configuration", self.about)
            app.router.add_get("/auth", self.auth)
            app.router.add_post("/token", self.token)
            app.router.add_get("/keys", self.keys)
            runner = web.AppRunner(app)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            ready.set()
            await asyncio.Event().wait()

        threading.Thread(target=lambda: asyncio.run(serve()), daemon=True).start()
        assert ready.wait(10), "the provider did not start"

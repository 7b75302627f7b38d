"""A small OpenID Connect provider on this machine: it keeps to the protocol, unless a test tells it to lie.

It signs with RS256, gives each code once, and changes one for tokens only for the client that it was made for, with the
verifier whose challenge came with it (RFC 7636).
"""

from __future__ import annotations

import json
import secrets
import time
from base64 import b64decode, urlsafe_b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

if TYPE_CHECKING:
    from collections.abc import Callable

CLIENT, SECRET, KID = "the-desk", "a made-up client secret", "key-1"


class Provider:
    """The provider: who signs in, what it was asked, and how it lies."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.who: dict[str, Any] = {"sub": "person-1", "preferred_username": "n.ruiz"}
        self.lies: dict[str, Any] = {}  # claims that are changed; None takes one away
        self.sign: Callable[[dict[str, Any]], str] = self.signed
        self.described: dict[str, Any] = {}  # changes to its own description
        self.keys: list[dict[str, Any]] | None = None
        self.token_answer: tuple[int, dict[str, str], bytes] | None = None
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[dict[str, str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://localhost:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def authorize(self, address: str) -> str:
        """What a browser would do that was sent here: sign in at once, and be sent back with a code."""
        parts = urlsplit(address)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.issuer}/authorize"
        asked = dict(parse_qsl(parts.query))
        self.asked.append(asked)
        code = secrets.token_urlsafe(16)
        self.codes[code] = {**asked, "who": json.dumps(self.who)}
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def signed(self, claims: dict[str, Any]) -> str:
        """An ID token under the provider's own key."""
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": KID})

    def public_keys(self) -> list[dict[str, Any]]:
        """The key as it is published."""
        made = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return [{**made, "kid": KID, "use": "sig", "alg": "RS256"}]

    def description(self) -> dict[str, Any]:
        """The document at the well-known address."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            **self.described,
        }

    def token(self, sent: dict[str, str], authorization: str) -> tuple[int, dict[str, str], bytes]:
        """The token endpoint."""
        if self.token_answer:
            return self.token_answer
        user, _, password = b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        asked = self.codes.pop(sent.get("code", ""), None)
        verifier = urlsafe_b64encode(sha256(sent.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        if (unquote(user), unquote(password)) != (CLIENT, SECRET):
            return _json({"error": "invalid_client"}, 401)
        good = asked and sent.get("grant_type") == "authorization_code" and verifier == asked["code_challenge"]
        if not asked or not good or sent.get("redirect_uri") != asked["redirect_uri"]:
            return _json({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked.get("nonce")}
        claims |= json.loads(asked["who"]) | self.lies
        made = self.sign({name: value for name, value in claims.items() if value is not None})
        return _json({"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "id_token": made}, 200)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # its own name for it
                """Nothing."""

            def do_GET(self) -> None:
                if self.path == "/.well-known/openid-configuration":
                    self._answer(*_json(provider.description(), 200))
                elif self.path == "/keys":
                    keys = provider.public_keys() if provider.keys is None else provider.keys
                    self._answer(*_json({"keys": keys}, 200))
                else:
                    self._answer(404, {}, b"")

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                sent = {name: values[0] for name, values in parse_qs(body).items()}
                self._answer(*provider.token(sent, self.headers.get("Authorization", "")))

            def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

        return Handler


def _json(said: Any, status: int) -> tuple[int, dict[str, str], bytes]:
    return status, {"Content-Type": "application/json"}, json.dumps(said).encode()

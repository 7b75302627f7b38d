"""A program that uses the HTTP interface, as a test sees one."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client

from detainer import clock
from detainer.api.models import Token

POLICE, CORRECTION = "us-ny-nyc-police", "us-ny-nyc-correction"


def ago(**much: float) -> str:
    return (clock.now() - timedelta(**much)).isoformat()


def new_request(**changed: Any) -> dict[str, Any]:
    """A plain request of a made-up person."""
    said: dict[str, Any] = {
        "request": {
            "form": "I-247A",
            "asks": ["hold", "notify"],
            "from": "ice",
            "purpose": "civil",
            "received": ago(hours=3),
            "withdrawn": False,
        },
        "person": {"name": "Ana Example", "file_number": "A 000 000 017"},
        "warrants": [],
    }
    return said | changed


@dataclass
class Program:
    """A client of one token; `call` gives status, what was answered, and headers."""

    token: Token
    text: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False, headers={"host": "localhost"}))

    def call(
        self, method: str, path: str, body: Any = None, *, key: str | None = "", raw: bytes | None = None, **more: str
    ) -> Any:
        """Send one request. `key` "" makes a fresh one, None sends none; `raw` sends bytes as they are."""
        sent = {"Authorization": f"Bearer {self.text}"} | {
            name.replace("_", "-"): value for name, value in more.items()
        }
        if method == "POST" and key is not None:
            sent.setdefault("Idempotency-Key", key or str(uuid.uuid4()))
        media = sent.pop("Content-Type", "application/json")
        data = raw if raw is not None else json.dumps(body).encode() if body is not None else b""
        return self.client.generic(method, f"/api/v1{path}", data, content_type=media, headers=sent)

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.call("POST", path, body, **more)

    def get(self, path: str, **more: Any) -> Any:
        return self.call("GET", path, **more)

    def entered(self, **changed: Any) -> dict[str, Any]:
        """The receipt of a request that was taken in."""
        answer = self.post("/requests", new_request(**changed))
        assert answer.status_code == 201, answer.content
        return answer.json()


def problem(answer: Any, status: int | None = None) -> str:
    """The sentence of a refusal; it must be a problem, a 4xx, and one line."""
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.content)
    assert answer["Content-Type"] == "application/problem+json"
    said = json.loads(answer.content)
    assert set(said) == {"type", "title", "status", "detail"}
    assert said["status"] == answer.status_code
    assert "\n" not in said["detail"]
    assert said["detail"]
    assert status in (None, answer.status_code), said
    return said["detail"]

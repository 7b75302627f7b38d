"""Errors as RFC 9457 problems: a status, its name, and one sentence that says what is wrong and what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from django.http import HttpResponse

MEDIA: Final = "application/problem+json"
_LONGEST = 400


class Problem(Exception):
    """Something that the caller can mend, or must wait for; `headers` go with the answer.

    `attempt` names what it tried outside its leave, to be recorded once the transaction that found it is undone.
    """

    def __init__(
        self, status: int, detail: str, headers: Mapping[str, str] | None = None, *, attempt: str = ""
    ) -> None:
        self.attempt = attempt
        self.status, self.detail, self.headers = status, detail, dict(headers or {})
        super().__init__(detail)


def response(status: int, detail: str, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The problem as it is sent."""
    sentence = " ".join(detail.split())
    if len(sentence) > _LONGEST:
        sentence = f"{sentence[:_LONGEST]} …"
    if not sentence.endswith((".", "?", "!", "…")):
        sentence += "."
    said = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": sentence}
    made = HttpResponse(json.dumps(said), content_type=MEDIA, status=status, headers=dict(headers or {}))
    # Django would log the address as it was typed, and that may hold a name.
    made._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001  # the one switch that it has
    return made

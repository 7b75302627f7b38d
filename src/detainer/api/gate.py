"""What stands in front of the interface: size, encryption, and that every refusal is a problem in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from detainer.api import problems
from detainer.api.strict import LARGEST
from detainer.house import house
from detainer.intake.paper.reading import LARGEST as PAPER

PREFIX: Final = "/api/"
_LARGER: Final = {"/api/v1/incoming": PAPER}  # a paper as it is, not JSON
_SAYS = {
    400: "The request cannot be read.",
    404: "There is nothing at this address. The interface is described at /api/.",
    405: "This address does not take that method.",
}


class Gate:
    """Middleware for addresses below /api/; any other passes untouched."""

    def __init__(self, following: Callable[[HttpRequest], HttpResponse]) -> None:
        self.following = following

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or refuse."""
        if not request.path_info.startswith(PREFIX):
            return self.following(request)
        answer = self._refusal(request) or self.following(request)
        if answer.status_code >= 400 and answer.headers.get("Content-Type") != problems.MEDIA:
            kept = {name: answer.headers[name] for name in ("Allow", "Retry-After") if name in answer.headers}
            phrase = f"{HTTPStatus(answer.status_code).phrase}."
            answer = problems.response(answer.status_code, _SAYS.get(answer.status_code, phrase), kept)
        # A refusal made here has not passed the middleware that sets these on every page.
        answer.headers.setdefault("Cache-Control", "no-store")
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        answer.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        if settings.SECURE_HSTS_SECONDS and request.is_secure():
            answer.headers.setdefault(
                "Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
            )
        return answer

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        # A redirect would invite the token to be sent in the clear again.
        if house().production and not request.is_secure():
            return problems.response(403, "Use https. A token that was sent in the clear must be rotated.")
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isascii() or not length.isdigit():
            return problems.response(400, "The length of the body is no number.")
        largest = _LARGER.get(request.path_info, LARGEST)
        if len(length) > 12 or int(length) > largest:
            return problems.response(413, f"The body is larger than {largest} bytes.")
        return None

"""An agency's identity provider, whatever it speaks: what the desk asks of one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from allauth.socialaccount.models import SocialApp
from django.http import HttpRequest, HttpResponse

ID = "agency"


class IdentityProvider(ABC):
    """The one that the settings name; `signing_in.agency` finds it."""

    @property
    @abstractmethod
    def claim(self) -> str:
        """What the provider calls the name that an administrator binds an account by."""

    @property
    @abstractmethod
    def address(self) -> str:
        """Where it signs people in; "" where it cannot be used now."""

    @abstractmethod
    def application(self) -> SocialApp:
        """The provider as allauth keeps one; none is read from the database."""

    @abstractmethod
    def adapter(self, request: HttpRequest, app: SocialApp) -> Any:
        """The same, for what allauth wants to know of one."""

    @abstractmethod
    def begin(self, request: HttpRequest, where: str | None) -> HttpResponse:
        """Send the browser there to sign in, and then on to `where`.

        OAuth2Error, RequestException, UserError, KeyError or ValueError where it does not answer as it should.
        """

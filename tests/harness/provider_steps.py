"""What the tests of both kinds of identity provider do and look for alike."""

from __future__ import annotations

from typing import Any

from desk_people import person
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from detainer.desk.duties.accounts import author
from detainer.desk.duties.roles import Role
from detainer.desk.models import Expected
from detainer.record import journal
from detainer.record.models import Event


def awaited(name: str) -> User:
    """An officer on a record of real requests, whose account the provider will call by this name."""
    made = person("ruiz", Role.OFFICER)
    journal.open_record(demonstration=False)
    Expected.objects.create(account=made, name=name)
    return made


def browser() -> Client:
    return Client(headers={"host": "localhost"})


def refused(answer: HttpResponse, client: Client) -> None:
    """Nobody was signed in, the page says so, and the desk stays closed."""
    assert answer.status_code == 403
    assert "Not signed in" in answer.content.decode()
    assert client.get("/requests/")["Location"].startswith("/sign-in/")


def bound_and_signed_in(user: User) -> None:
    """The account was tied to the provider's subject and its owner signed in, and nothing else is told of it."""
    kinds = ["account_changed", "signed_in"]
    told: list[tuple[str, str, dict[str, Any]]] = [
        (one.kind, one.author, one.published()) for one in Event.objects.filter(kind__in=kinds).order_by("seq")
    ]
    assert told == [
        ("account_changed", "system:desk", {"account": author(user), "what": "bound"}),
        ("signed_in", author(user), {"account": author(user), "step": "provider"}),
    ]

"""Made-up people and requests for the tests of the desk."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from detainer import clock

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from detainer.desk.duties.roles import Role
    from detainer.record.models import Request

POLICE = "us-ny-nyc-police"
PASSWORD = "a made-up night at the desk"

JUDGE: dict[str, Any] = {
    "issuer": "us_magistrate_judge",
    "form": "judicial",
    "grounds": "civil_removal",
    "names_person": True,
    "orders_federal_custody": True,
    "presented": "with_request",
}


def person(username: str, *roles: Role, agency: str = POLICE) -> User:
    """An account with these duties at an agency."""
    from detainer.desk.duties.accounts import enrol

    return enrol(username, PASSWORD, first="Made-up", last=username.title(), roles=[(role, agency) for role in roles])


def robbery() -> dict[str, Any]:
    """A listed violent crime, sentenced two years ago."""
    return {
        "jurisdiction": "us-ny",
        "law": "PL",
        "section": "160.15",
        "subdivision": "4",
        "grade": "felony",
        "class": "B",
        "form": "completed",
        "hate_crime": False,
        "offense_date": (clock.now() - timedelta(days=900)).date(),
        "judgment_date": (clock.now() - timedelta(days=730)).date(),
        "status": "adult",
        "vacated": False,
        "on_appeal": False,
        "incarceration": [],
    }


def facts(*, releasable: timedelta | None = timedelta(hours=8), permitted: bool = False) -> dict[str, Any]:
    """The facts of a plain request; `permitted`: with a federal judge's warrant and a listed conviction."""
    now = clock.now()
    said: dict[str, Any] = {
        "request": {
            "form": "I-247A",
            "asks": ["hold", "notify"],
            "from": "ice",
            "purpose": "civil",
            "withdrawn": False,
        },
        "warrants": [JUDGE] if permitted else [],
        "custody": {"held": True, "basis": "arrest", "hold_started": None, "transferred_in": False},
        "arrest": {"date": (now - timedelta(days=1)).date()},
        "search": {"run": "at_release", "at": now - timedelta(minutes=20)},
        "person": {"matches_request": True},
        "record": {"convictions": [robbery()] if permitted else []},
        "watch_list": "no_match",
        "reentry": {"after_removal": False, "source": "search"},
        "grounds": [],
    }
    if releasable is not None:
        said["custody"]["releasable_at"] = now + releasable
    return said


def take(
    author: str,
    *,
    name: str = "Ana Example",
    ago: timedelta = timedelta(hours=3),
    decide: bool = True,
    agency: str = POLICE,
    said: dict[str, Any] | None = None,
    **more: Any,
) -> Request:
    """A request on record, and decided unless told otherwise."""
    from detainer.record import agencies, journal

    made = journal.receive(
        agency,
        facts(**more) if said is None else said,
        happened=clock.now() - ago,
        author=author,
        person={"name": name, "file_number": "A 000 000 017"},
    )
    if decide:
        journal.decide(made, agencies.book(), author=author)
    return made

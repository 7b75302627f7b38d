"""The facts that the made-up requests are made of, in the form of a case file."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

I_247A_SINCE = date(2017, 4, 2)  # the form that replaced I-247D, I-247N and I-247X

Facts = dict[str, Any]


def request(received: datetime, draw: Random) -> Facts:
    """What came: a request of immigration authorities to hold and to be told, on the form of its day."""
    new = received.date() >= I_247A_SINCE
    paper = {"issuer": "immigration_officer", "form": draw.choice(["I-200", "I-205"]), "grounds": "civil_removal"}
    return {
        "request": {
            "form": "I-247A" if new else "I-247D",
            "asks": ["hold", "notify"],
            "from": "ice",
            "purpose": "civil",
            "withdrawn": False,
            "complete": True,
            "probable_cause": [draw.choice(["final_order", "proceedings", "biometrics", "statements"])],
        },
        # Since April 2017 a warrant signed by an immigration officer comes with each form. It is not a judge's.
        "warrants": [paper | {"names_person": True, "presented": "with_request"}] if new else [],
    }


def judicial_warrant() -> Facts:
    """The warrant of a federal magistrate judge that came with the request."""
    return {
        "warrants": [
            {
                "issuer": "us_magistrate_judge",
                "form": "judicial",
                "grounds": "federal_crime",
                "names_person": True,
                "orders_federal_custody": True,
                "presented": "with_request",
            }
        ]
    }


def custody(arrested: date, releasable: datetime | None) -> Facts:
    """A person under arrest, who would otherwise walk out at that moment; None where nobody knows yet."""
    held: Facts = {"held": True, "basis": "arrest", "transferred_in": False}
    if releasable is not None:
        held["releasable_at"] = releasable
    return {"custody": held, "arrest": {"date": arrested}, "person": {"matches_request": True}}


def search(run: datetime, convictions: list[Facts], *, reentry: bool = False) -> Facts:
    """A search at the time of release, and all that it shows."""
    return {
        "search": {"run": "at_release", "at": run},
        "record": {"convictions": convictions, "charges": []},
        "watch_list": "no_match",
        "reentry": {"after_removal": reentry, "after_voluntary_departure": False, "source": "search"},
    }


def conviction(judged: date, section: str, subdivision: str, grade: str, letter: str) -> Facts:
    """A New York conviction of an adult, sentenced on that day to something other than jail."""
    return {
        "jurisdiction": "us-ny",
        "law": "PL",
        "section": section,
        "subdivision": subdivision,
        "grade": grade,
        "class": letter,
        "form": "completed",
        "hate_crime": False,
        "offense_date": judged - timedelta(days=200),
        "judgment_date": judged,
        "status": "adult",
        "vacated": False,
        "on_appeal": False,
        "sentence": "probation",
        "incarceration": [],
    }


def assault(judged: date) -> Facts:
    """Assault in the second degree: a felony of the city's list."""
    return conviction(judged, "120.05", "2", "felony", "D")


def larceny(judged: date) -> Facts:
    """Petit larceny: a misdemeanor, on no list."""
    return conviction(judged, "155.25", "", "misdemeanor", "A")


def past(arrested: date, draw: Random) -> list[Facts]:
    """The convictions of somebody: mostly none, some small, a few on the city's list, old or recent."""
    found: list[list[Facts]] = [
        [],
        [larceny(arrested - timedelta(days=draw.randint(60, 2500)))],
        [assault(arrested - timedelta(days=draw.randint(2200, 5000)))],
        [assault(arrested - timedelta(days=draw.randint(200, 1600)))],
    ]
    return draw.choices(found, weights=(62, 24, 9, 5))[0]

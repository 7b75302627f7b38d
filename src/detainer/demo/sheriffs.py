"""A second demonstration: the same ten requests before a Texas sheriff and a California sheriff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

from detainer.demo.people import person
from detainer.demo.tale import Step, Tale

TEXAS, CALIFORNIA = "us-tx-sheriff", "us-ca-sheriff"
SHERIFFS: Final = (TEXAS, CALIFORNIA)
SEED = 2026_11

Facts = dict[str, Any]


def ten(now: datetime) -> Iterator[tuple[str, Tale]]:
    """The ten requests: what each is about, and its tale, relative to the present moment; the same for every agency."""
    draw = Random(SEED)  # noqa: S311  # nosec B311  a story, no secret
    for number, (about, facts) in enumerate(_facts(now), start=1):
        received = now - timedelta(minutes=30 * number)
        known = _merged(_plain(now), facts)
        steps = (Step("decide", received + timedelta(minutes=5)),)
        yield about, Tale(f"sheriffs-{number}", received, person(draw, received.date()), known, steps)


def _plain(now: datetime) -> Facts:
    """A complete detainer with an immigration officer's warrant, for somebody with no record who is due out soon."""
    officer = {"issuer": "immigration_officer", "form": "I-200", "grounds": "civil_removal"}
    return {
        "request": {
            "form": "I-247A",
            "asks": ["hold", "notify", "transfer"],
            "from": "ice",
            "purpose": "civil",
            "withdrawn": False,
            "complete": True,
            "probable_cause": ["biometrics"],
        },
        "warrants": [officer | {"names_person": True, "orders_federal_custody": True, "presented": "with_request"}],
        "custody": {
            "held": True,
            "basis": "arrest",
            "releasable_at": now + timedelta(hours=6),
            "transferred_in": False,
        },
        "arrest": {"date": (now - timedelta(days=1)).date()},
        "search": {"run": "at_release"},
        "person": {"matches_request": True, "proof": [], "claims_citizenship": False},
        "record": {
            "convictions": [],
            "charges": [],
            "registries": [],
            "federal_felony_warrant": False,
            "aggravated_felony_letter": False,
        },
        "watch_list": "no_match",
        "public_information": False,
        "local_policy_forbids": [],
    }


def _facts(now: datetime) -> Iterator[tuple[str, Facts]]:
    """What makes each of the ten different."""
    today = now.date()
    yield "No record at all.", {}
    yield "A robbery judgment of twenty years ago.", _convicted(today, 20, "211", prison=True)
    yield (
        "Driving under the influence as a misdemeanor, last year.",
        _convicted(today, 1, "23152", "misdemeanor", law="VC"),
    )
    yield "Held to answer for murder.", {"record": {"charges": [_charge("187", "held_to_answer")]}}
    yield "Charged with murder, nothing found yet.", {"record": {"charges": [_charge("187", "filed")]}}
    yield "A passport of the United States is shown.", {"person": {"proof": ["us_passport"]}}
    yield "A foreign consular card is shown.", {"person": {"proof": ["consular_id"]}}
    yield "A county policy forbids all of it.", {"local_policy_forbids": ["hold", "notify", "transfer"]}
    yield "A federal magistrate judge signed a warrant for a federal crime.", {"warrants": [_judges()]}
    yield "ICE telephones; no form comes.", {"request": {"form": "none", "probable_cause": []}, "warrants": []}


def _convicted(
    today: date, years: int, section: str, grade: str = "felony", *, law: str = "PC", prison: bool = False
) -> Facts:
    judged = today - timedelta(days=365 * years)
    return {
        "record": {
            "convictions": [
                {
                    "jurisdiction": "us-ca",
                    "law": law,
                    "section": section,
                    "grade": grade,
                    "form": "completed",
                    "judgment_date": judged,
                    "status": "adult",
                    "vacated": False,
                    "wobbler": False,
                    "reduced_by_prop_47": False,
                    "state_prison_eligible": prison,
                    "incarceration": [],
                }
            ]
        }
    }


def _charge(section: str, stage: str) -> Facts:
    return {"jurisdiction": "us-ca", "law": "PC", "section": section, "grade": "felony", "stage": stage}


def _judges() -> Facts:
    return {
        "issuer": "us_magistrate_judge",
        "form": "judicial",
        "grounds": "federal_crime",
        "names_person": True,
        "orders_federal_custody": True,
        "presented": "with_request",
    }


def _merged(one: Facts, other: Facts) -> Facts:
    merged = dict(one)
    for name, value in other.items():
        inside = merged.get(name)
        merged[name] = _merged(inside, value) if isinstance(inside, dict) and isinstance(value, dict) else value
    return merged

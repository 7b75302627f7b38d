"""One request to the New York police in which every fact is known, and the same with some facts otherwise."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from enum import Enum
from typing import Any

from shipped import book

from detainer.law import Answer, Case


class Absent(Enum):
    """What stands for no value; its name, unlike an address, is the same in every process that collects the tests."""

    GONE = "left out"


GONE = Absent.GONE  # a fact that is left out

JUDGES_WARRANT = {
    "issuer": "us_magistrate_judge",
    "form": "judicial",
    "grounds": "civil_removal",
    "names_person": True,
    "orders_federal_custody": True,
    "presented": "with_request",
}
ROBBERY = {
    "jurisdiction": "us-ny",
    "law": "PL",
    "section": "160.15",
    "subdivision": "4",
    "grade": "felony",
    "class": "B",
    "form": "completed",
    "hate_crime": False,
    "offense_date": "2022-05-01",
    "judgment_date": "2023-11-24",
    "status": "adult",
    "vacated": False,
    "incarceration": [],
}
ELSEWHERE = {
    **ROBBERY,
    "jurisdiction": "us-tx",
    "law": "PC",
    "section": "29.03",
    "equivalent": {"reviewed": True, "section": "PL 160.15", "max_term_over_one_year": True},
}
CLEAN: dict[str, Any] = {
    "id": "made-up",
    "agency": "us-ny-nyc-police",
    "at": "2026-11-24T10:00:00-05:00",
    "request": {
        "form": "I-247A",
        "asks": ["hold", "notify"],
        "from": "ice",
        "purpose": "civil",
        "received": "2026-11-24T08:00:00-05:00",
        "withdrawn": False,
        "complete": True,
        "probable_cause": ["biometrics"],
        "served_on_person": True,
    },
    "warrants": [],
    "custody": {
        "held": True,
        "basis": "arrest",
        "releasable_at": "2026-11-24T10:00:00-05:00",
        "hold_started": None,
        "transferred_in": False,
    },
    "arrest": {"date": "2026-11-23"},
    "search": {"run": "at_release", "at": "2026-11-24T09:40:00-05:00"},
    "person": {
        "matches_request": True,
        "proof": [],
        "claims_citizenship": False,
        "victim_or_witness": False,
        "under_18": False,
        "consents_to_interview": {"given": False, "written": False, "advised": False},
    },
    "record": {
        "convictions": [],
        "charges": [],
        "registries": [],
        "federal_felony_warrant": False,
        "aggravated_felony_letter": False,
        "criminal_warrant": False,
        "gang_member": False,
    },
    "watch_list": "no_match",
    "reentry": {"after_removal": False, "after_voluntary_departure": False, "source": "search"},
    "public_information": False,
    "local_policy_forbids": [],
    "grounds": [],
}


def decide(**changes: Any) -> Answer:
    """The answer to the clean case with these facts otherwise; mappings are merged, `GONE` takes a fact out."""
    return book().decide(Case.read(merged(CLEAN, changes), "made-up"))


def merged(facts: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    found = copy.deepcopy(dict(facts))
    for key, value in changes.items():
        if value is GONE:
            found.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(found.get(key), Mapping):
            found[key] = merged(found[key], value)
        else:
            found[key] = value
    return found


def on_warrant(*convictions: Mapping[str, Any], **changes: Any) -> str:
    """What the police may do about a hold on a federal judge's warrant, given this record."""
    answer = decide(warrants=[JUDGES_WARRANT], record={"convictions": list(convictions)}, **changes)
    return answer.decisions["hold"].modality


def police_say(answer: Answer, decision: str = "hold") -> str:
    """What § 14-154 alone says."""
    layer = next(layer for layer in answer.laws if layer.law == "us-ny-nyc-police")
    return layer.decisions[decision].modality

"""The values of facts and decisions in the words the desk uses; everything else shows as it is written."""

from __future__ import annotations

from collections.abc import Mapping

from detainer.desk.wording.words import tr
from detainer.law.vocabulary import Fact

NOT_ASKED = "not known: nobody has asked"
NO_ANSWER = "not known: asked, no answer"

DECISION_WORDS = {
    "hold": "keep past release",
    "notify": "tell federal authorities of release",
    "transfer": "hand over",
    "interview": "let them interview",
    "status": "answer about citizenship or status",
    "personal_information": "give other information that is not public",
    "access": "let them into places",
    "assistance": "help outside custody",
}
MODALITY_WORDS = {
    "must": "the law commands it",
    "may": "the law permits it",
    "must_not": "the law forbids it",
    "silent": "the law says nothing",
    "not_applicable": "nothing to answer",
    "undetermined": "not settled yet",
}
_REQUESTERS = {
    "ice": "ICE",
    "cbp": "CBP",
    "other_federal": "another federal authority",
    "other": "another authority",
}
_BY_PATH: Mapping[str, Mapping[str, str]] = {
    "request.from": _REQUESTERS,
    "request.asks": DECISION_WORDS,
    "local_policy_forbids": DECISION_WORDS,
    "request.purpose": {"civil": "civil immigration law", "criminal": "a crime"},
    "request.form": {"other": "another form", "none": "no form"},
    "request.probable_cause": {
        "final_order": "final order of removal",
        "proceedings": "pending removal proceedings",
        "biometrics": "biometric match",
        "statements": "statements to an officer or other evidence",
        "affidavit": "sworn affidavit in place of a box",
    },
    "custody.basis": {"federal_charge": "federal charge"},
    "search.run": {"at_release": "at or about release", "at_booking": "only at booking", "none": "not run"},
    "watch_list": {"match": "possible match", "no_match": "no match"},
    "reentry.source": {"search": "the search", "court": "a court", "agency": "a government agency", "ice": "ICE alone"},
    "person.proof": {
        "us_passport": "U.S. passport",
        "us_birth_certificate": "U.S. birth certificate",
        "state_id": "state ID",
        "consular_id": "consular ID",
        "lawful_status": "proof of lawful status",
    },
    "record.registries": {"sex_offender": "sex offender registry", "arson": "arson registry"},
    "access_to": {"office": "office space", "non_public_area": "an area not open to the public"},
    "grounds": {
        "required_by_law": "another law requires it",
        "cooperative_arrangement": "cooperative arrangement",
        "agency_purpose": "the agency's own purpose",
        "exigent": "exigent circumstances",
        "mayoral_order": "mayoral order",
        "privacy_officer": "privacy officer's approval",
    },
}
_BY_LIST: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "warrants": {
        "issuer": {
            "article_iii_judge": "a federal judge (Article III)",
            "us_magistrate_judge": "a U.S. magistrate judge",
            "state_judge": "a state judge",
            "immigration_judge": "an immigration judge",
            "immigration_officer": "an immigration officer",
        },
        "form": {"judicial": "warrant on a court's paper", "I-200": "I-200", "I-205": "I-205"},
        "grounds": {
            "civil_removal": "civil removal",
            "federal_crime": "a federal crime",
            "state_crime": "a state crime",
        },
        "presented": {"with_request": "with the request"},
    },
    "record.convictions": {
        "status": {
            "youthful_offender": "youthful offender",
            "juvenile": "juvenile finding",
            "adult": "adult conviction",
        },
        "sentence": {"state_prison": "state prison", "county_jail": "county jail"},
    },
    "record.charges": {"stage": {"held_to_answer": "held to answer"}},
}
_YES_NO = (("true", "Yes"), ("false", "No"))


def value_words(fact: Fact, value: str, within: str = "") -> str:
    """One value of a fact as people read it; `within` names the list whose element the fact belongs to."""
    return tr(_words_of(fact, value, within))


def _words_of(fact: Fact, value: str, within: str) -> str:
    known = _BY_LIST.get(within, {}).get(fact.path, {}) if within else _BY_PATH.get(fact.path, {})
    return known.get(value, value.replace("_", " "))


def options(fact: Fact, within: str = "") -> tuple[tuple[str, str], ...]:
    """What can be chosen for a fact, each with its words."""
    if fact.kind == "flag":
        return tuple((value, tr(words)) for value, words in _YES_NO)
    return tuple((value, _sentence(value_words(fact, value, within))) for value in fact.values)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def requester(code: str) -> str:
    """Who asks, in short: ICE."""
    return tr(_REQUESTERS.get(code, "the authority that asked"))

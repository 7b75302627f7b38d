"""How each fact is put in words inside a condition: "the request came from", "it is signed by".

A flag has a whole clause for true and one for false; every other fact a beginning that its values follow, and one that
denies them. In conditions on one warrant, conviction or charge, "it" is that one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Stems = tuple[str, str]  # what is said, and what denies it

_CASE: Final[Mapping[str, Stems]] = {
    "agency": ("the agency is", "the agency is not"),
    "request.form": ("the form of the request is", "the form of the request is not"),
    "request.asks": ("the request asks for", "the request does not ask for"),
    "request.from": ("the request comes from", "the request does not come from"),
    "request.purpose": ("the purpose of the request is", "the purpose of the request is not"),
    "request.received": ("the request was received", "the request was not received"),
    "request.withdrawn": ("the request has been withdrawn", "the request has not been withdrawn"),
    "request.complete": ("the form is filled in and signed throughout", "some part of the form is empty or unsigned"),
    "request.probable_cause": ("marked as probable cause is", "not marked as probable cause is"),
    "request.served_on_person": ("the form was served on the person", "the form was not served on the person"),
    "custody.held": ("the person is in this agency's custody", "the person is not in this agency's custody"),
    "custody.basis": ("the person is held for", "the person is not held for"),
    "custody.releasable_at": ("the release is due", "no release is due"),
    "custody.hold_started": ("a detainer hold is running", "no detainer hold is running"),
    "custody.transferred_in": (
        "the person came from another agency during such a hold",
        "the person did not come from another agency during such a hold",
    ),
    "arrest.date": ("the arrest was made", "no arrest was made"),
    "search.run": ("the search was run", "the search was not run"),
    "search.at": ("the search was run", "the search was not run"),
    "person.matches_request": (
        "the person held is the person named in the request",
        "the person held is not the person named in the request",
    ),
    "person.proof": ("the person has shown", "the person has not shown"),
    "person.claims_citizenship": (
        "the person says they are a United States citizen",
        "the person does not say they are a United States citizen",
    ),
    "person.victim_or_witness": (
        "the person is a victim of or a witness to a crime under investigation",
        "the person is neither victim nor witness of a crime under investigation",
    ),
    "person.under_18": ("the person is under 18", "the person is not under 18"),
    "person.consents_to_interview.given": (
        "the person agreed to be interviewed",
        "the person did not agree to be interviewed",
    ),
    "person.consents_to_interview.written": (
        "the person agreed to the interview in writing",
        "the person did not agree to the interview in writing",
    ),
    "person.consents_to_interview.advised": (
        "the person was told first what the law requires",
        "the person was not told first what the law requires",
    ),
    "record.registries": ("the person stands on the registry", "the person does not stand on the registry"),
    "record.federal_felony_warrant": (
        "a federal felony arrest warrant is outstanding",
        "no federal felony arrest warrant is outstanding",
    ),
    "record.aggravated_felony_letter": (
        "ICE identified an aggravated felony conviction in writing",
        "ICE identified no aggravated felony conviction in writing",
    ),
    "record.criminal_warrant": (
        "the search shows an outstanding criminal warrant",
        "the search shows no outstanding criminal warrant",
    ),
    "record.gang_member": (
        "the search shows the person as a known gang member",
        "the search does not show the person as a known gang member",
    ),
    "watch_list": (
        "the terrorist screening database shows",
        "the terrorist screening database does not show",
    ),
    "reentry.after_removal": (
        "the person illegally re-entered after a removal",
        "the person did not illegally re-enter after a removal",
    ),
    "reentry.after_voluntary_departure": (
        "the person re-entered after a voluntary departure",
        "the person did not re-enter after a voluntary departure",
    ),
    "reentry.source": ("the re-entry is shown by", "the re-entry is not shown by"),
    "public_information": ("what is asked for is already public", "what is asked for is not yet public"),
    "local_policy_forbids": ("a local policy forbids", "no local policy forbids"),
    "access_to": ("access is asked for to", "access is not asked for to"),
    "grounds": ("the act rests on", "the act does not rest on"),
}

_WARRANT: Final[Mapping[str, Stems]] = {
    "issuer": ("it is signed by", "it is not signed by"),
    "form": ("its form is", "its form is not"),
    "grounds": ("it is for", "it is not for"),
    "names_person": ("it names this person", "it does not name this person"),
    "orders_federal_custody": (
        "it authorizes federal immigration authorities to take this person into custody",
        "it does not authorize federal immigration authorities to take this person into custody",
    ),
    "presented": ("it was presented", "it was not presented"),
}

_OFFENSE: Final[Mapping[str, Stems]] = {
    "jurisdiction": ("it is under the law of", "it is not under the law of"),
    "law": ("its statute is", "its statute is not"),
    "section": ("its section is", "its section is not"),
    "subdivision": ("its subdivision is", "its subdivision is not"),
    "grade": ("it is a", "it is not a"),
    "class": ("its class is", "its class is not"),
}

_CONVICTION: Final[Mapping[str, Stems]] = {
    **_OFFENSE,
    "form": ("its form is", "its form is not"),
    "hate_crime": ("it is a hate crime", "it is not a hate crime"),
    "offense_date": ("the offense was committed", "no offense was committed"),
    "judgment_date": ("judgment was entered", "no judgment was entered"),
    "status": ("it is a finding as", "it is not a finding as"),
    "vacated": ("it was vacated", "it was not vacated"),
    "on_appeal": ("it is on appeal", "it is not on appeal"),
    "sentence": ("the sentence was", "the sentence was not"),
    "wobbler": (
        "it could have been charged as a felony or a misdemeanor",
        "it could not have been charged as a felony or a misdemeanor",
    ),
    "reduced_by_prop_47": (
        "it was a felony or could be charged as one before Proposition 47",
        "it was no felony and could not be charged as one before Proposition 47",
    ),
    "state_prison_eligible": (
        "it is a felony punishable by state prison",
        "it is no felony punishable by state prison",
    ),
    "incarceration": ("time was served for it", "no time was served for it"),
    "equivalent.reviewed": ("counsel has looked for an equivalent", "counsel has not looked for an equivalent"),
    "equivalent.section": ("its equivalent is", "its equivalent is not"),
    "equivalent.max_term_over_one_year": (
        "more than one year could be imposed, there and here",
        "more than one year could not be imposed both there and here",
    ),
}

_CHARGE: Final[Mapping[str, Stems]] = {**_OFFENSE, "stage": ("its stage is", "its stage is not")}

PHRASES: Final[Mapping[str, Mapping[str, Stems]]] = {
    "": _CASE,
    "warrant": _WARRANT,
    "conviction": _CONVICTION,
    "charge": _CHARGE,
}
"""The words for the facts of the case (under "") and of one element of each list."""

MOMENTS: Final[Mapping[str, str]] = {
    "at": "the moment of the act",
    "request.received": "the receipt of the request",
    "request.withdrawn": "the withdrawal of the request",
    "custody.releasable_at": "the moment of release",
    "custody.hold_started": "the start of the hold",
    "arrest.date": "the arrest",
    "search.at": "the search",
    "presented": "its presentation",
    "offense_date": "the offense",
    "judgment_date": "the judgment",
}
"""Days and moments as things that come before or after one another."""

VALUES: Final[Mapping[str, str]] = {
    "hold": "a hold",
    "notify": "notice of the release",
    "transfer": "a transfer",
    "interview": "an interview",
    "status": "an answer on immigration status",
    "personal_information": "personal information",
    "access": "access",
    "assistance": "help",
    "ice": "ICE",
    "cbp": "CBP",
    "other_federal": "another federal agency",
    "other": "another",
    "none": "no form",
    "civil": "civil immigration enforcement",
    "criminal": "criminal enforcement",
    "article_iii_judge": "an Article III judge",
    "us_magistrate_judge": "a federal magistrate judge",
    "state_judge": "a state judge",
    "immigration_judge": "an immigration judge",
    "immigration_officer": "an immigration officer",
    "judicial": "a judicial warrant",
    "writ": "a writ",
    "subpoena": "a subpoena",
    "with_request": "with the request",
    "court": "a court",
    "agency": "a government agency",
    "search": "the search",
    "match": "a possible match",
    "no_match": "no match",
    "us": "the United States",
    "us_passport": "a United States passport",
    "us_birth_certificate": "a United States birth certificate",
    "state_id": "a state identity card",
    "consular_id": "a consular identity card",
    "lawful_status": "proof of lawful status",
    "completed": "the completed offense",
    "attempt": "an attempt",
    "conspiracy": "a conspiracy",
    "solicitation": "a solicitation",
    "facilitation": "a facilitation",
    "adult": "an adult",
    "youthful_offender": "a youthful offender",
    "juvenile": "a juvenile",
    "arrest": "an arrest",
    "sentence": "a sentence",
    "federal_charge": "a federal charge",
    "civil_removal": "civil removal",
    "federal_crime": "a federal crime",
    "state_crime": "a state crime",
    "office": "the office",
    "non_public_area": "an area closed to the public",
    "filed": "filed in court",
    "held_to_answer": "held to answer",
    "sex_offender": "of sex offenders",
    "arson": "of arson",
    "agreement": "an agreement",
    "reimbursement": "reimbursement",
    "required_by_law": "a law that requires it",
    "cooperative_arrangement": "a cooperative arrangement",
    "agency_purpose": "the agency's own purpose",
    "exigent": "exigent circumstances",
    "mayoral_order": "an order of the mayor",
    "privacy_officer": "a finding of the privacy officer",
    "final_order": "a final order of removal",
    "proceedings": "pending proceedings",
    "biometrics": "biometrics",
    "statements": "statements of the person",
    "affidavit": "a sworn affidavit",
}
"""A value in words; one that is not here stands as it is, with spaces."""

WHOLE: Final[Mapping[tuple[str, str], Stems]] = {
    ("search.run", "none"): ("no search was run", "a search was run"),
    ("watch_list", "no_match"): (
        "the terrorist screening database shows no match",
        "the terrorist screening database does not show that there is no match",
    ),
    ("request.form", "none"): ("the request came without a form", "the request came on a form"),
    ("custody.basis", "other"): ("the person is held on another ground", "the person is not held on another ground"),
    ("form", "other"): ("it is a paper of another kind", "it is a paper of a known kind"),
    ("sentence", "other"): ("the sentence was of another kind", "the sentence was not of another kind"),
    ("request.from", "other"): ("the request comes from someone else", "the request does not come from someone else"),
}
"""Single values that the beginning of their fact does not fit."""

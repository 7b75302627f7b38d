"""The facts that a law may speak of: their names, what they may be, and the question that asks for each.

This is the case format (docs/case-format.md) as a table. A fact that is not here cannot be named by a law, given in a
case file or asked for at the desk; nationality, birthplace and immigration status are not here on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Unknown(Enum):
    """Why a fact is not known: nobody asked, or somebody asked and nobody knows."""

    NOT_ASKED = "nobody has asked"
    NO_ANSWER = "asked, no answer"


NO_ANSWER_WORD: Final = "unknown"  # how a case file says "asked, and nobody knows"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: its path in a case file, its kind, the values it may take and the question that asks for it.

    Kinds: `flag`, `choice` (one of values), `choices` (any of values), `moment`, `day`, `text`, `spells` (a list of
    from and to), `list` (of warrants, convictions or charges). `or_moment` allows a moment in place of the values;
    `nullable` allows null, which is an answer ("none"), not an unknown.
    """

    path: str
    kind: str
    asks: str
    values: tuple[str, ...] = ()
    or_moment: bool = False
    nullable: bool = False
    why: str = ""


DECISIONS: Final = ("hold", "notify", "transfer", "interview", "status", "personal_information", "access", "assistance")
ALWAYS_JUDGED: Final = DECISIONS[:4]
PAPERS: Final[Mapping[str, str]] = {
    "reply": "the reply to the requester",
    "notice": "the notice to the person, with a copy of the request",
    "told": "the notice to the person that federal authorities were told",
    "hold": "the notice to the person that a hold began",
    "hold-end": "the notice to the person that a hold ended",
    "release-order": "the order to release",
    "interview": "the notice before an interview, with the form of consent",
    "rights": "the notice of what a person need not disclose",
    "judge": "the notice to the judge who decides on release",
    "file": "the file for counsel or a court",
}
STEPS: Final[Mapping[str, str]] = {
    "received": "request.received",
    "held": "custody.hold_started",
    "told": "",
    "transferred": "",
    "released": "",
}
"""The steps that a duty can follow, each with the fact that tells its moment; empty where only the record tells it."""
MODALITIES: Final = ("must", "may", "must_not", "silent", "not_applicable", "undetermined")


def _table(*facts: Fact) -> Mapping[str, Fact]:
    return {fact.path: fact for fact in facts}


def _flag(path: str, asks: str, *, or_moment: bool = False, why: str = "") -> Fact:
    return Fact(path, "flag", asks, or_moment=or_moment, why=why)


def _choice(path: str, asks: str, values: str, *, or_moment: bool = False, why: str = "") -> Fact:
    return Fact(path, "choice", asks, tuple(values.split()), or_moment=or_moment, why=why)


def _choices(path: str, asks: str, values: str, *, why: str = "") -> Fact:
    return Fact(path, "choices", asks, tuple(values.split()), why=why)


FACTS: Final = _table(
    Fact("agency", "text", "Which agency must decide?"),
    _choice("request.form", "Which form did the request come on?", "I-247A I-247D I-247N I-247X I-247 other none"),
    _choices("request.asks", "What does the request ask for?", " ".join(DECISIONS)),
    _choice("request.from", "Who asks?", "ice cbp other_federal other"),
    _choice("request.purpose", "Is it about civil immigration law or about a crime?", "civil criminal"),
    Fact("request.received", "moment", "When was the request received?"),
    _flag("request.withdrawn", "Has the request been withdrawn?", or_moment=True),
    _flag("request.complete", "Is every part of the form filled in and signed?"),
    _choices(
        "request.probable_cause",
        "Which grounds of probable cause are marked?",
        "final_order proceedings biometrics statements affidavit",
    ),
    _flag("request.served_on_person", "Was the form served on the person?"),
    Fact(
        "warrants",
        "list",
        "Which papers came as a warrant or a court order, and who signed each?",
        why="A form I-200 or I-205 is signed by an immigration officer. It is not a judge's warrant.",
    ),
    _flag("custody.held", "Is the person in this agency's custody?"),
    _choice("custody.basis", "What is the person held for?", "arrest sentence federal_charge other"),
    Fact("custody.releasable_at", "moment", "When would the person otherwise walk out?", nullable=True),
    Fact("custody.hold_started", "moment", "When did a detainer hold begin, if one is running?", nullable=True),
    _flag("custody.transferred_in", "Did the person come from another agency during such a hold?"),
    Fact("arrest.date", "day", "On what day was the arrest that this custody rests on?"),
    _choice("search.run", "When was the criminal-history search run?", "at_release at_booking none"),
    Fact("search.at", "moment", "At what time was the search run?"),
    _flag("person.matches_request", "Is the person held the person named in the request?"),
    _choices(
        "person.proof",
        "Which documents has the person shown?",
        "us_passport us_birth_certificate state_id consular_id lawful_status",
    ),
    _flag("person.claims_citizenship", "Does the person say they are a United States citizen?"),
    _flag("person.victim_or_witness", "Is the person a victim of or a witness to a crime under investigation?"),
    _flag("person.under_18", "Is the person under 18?"),
    _flag("person.consents_to_interview.given", "Did the person agree to be interviewed?"),
    _flag("person.consents_to_interview.written", "Did the person agree in writing?"),
    _flag("person.consents_to_interview.advised", "Was the person told first what the law requires?"),
    Fact("record.convictions", "list", "Which convictions does the search show?"),
    Fact("record.charges", "list", "Which charges are pending?"),
    _choices("record.registries", "On which registries does the person stand?", "sex_offender arson"),
    _flag("record.federal_felony_warrant", "Is a federal felony arrest warrant outstanding?"),
    _flag("record.aggravated_felony_letter", "Did ICE identify an aggravated felony conviction in writing?"),
    _flag("record.criminal_warrant", "Does the search show an outstanding criminal warrant?"),
    _flag("record.gang_member", "Does the search show the person as a known gang member?"),
    _choice(
        "watch_list", "Does the search show a possible match in the terrorist screening database?", "match no_match"
    ),
    _flag("reentry.after_removal", "Did the person illegally re-enter after an earlier removal?"),
    _flag("reentry.after_voluntary_departure", "Did the person re-enter after a voluntary departure?"),
    _choice("reentry.source", "Who says so about the re-entry?", "search court agency ice"),
    _flag("public_information", "Is what is asked for already public?"),
    _choices("local_policy_forbids", "Which decisions does a local policy forbid?", " ".join(DECISIONS)),
    _choice("access_to", "Where do they ask to be let in?", "office non_public_area"),
    _choices(
        "grounds",
        "What else may the act rest on?",
        "agreement reimbursement required_by_law cooperative_arrangement agency_purpose exigent mayoral_order "
        "privacy_officer",
    ),
)

WARRANT: Final = _table(
    _choice(
        "issuer",
        "Who signed it?",
        "article_iii_judge us_magistrate_judge state_judge immigration_judge immigration_officer",
    ),
    _choice("form", "What kind of paper is it?", "judicial I-200 I-205 writ subpoena other"),
    _choice("grounds", "What is it for?", "civil_removal federal_crime state_crime"),
    _flag("names_person", "Does it name this person?"),
    _flag(
        "orders_federal_custody", "Does it authorize federal immigration authorities to take this person into custody?"
    ),
    _choice("presented", "When was it presented?", "with_request", or_moment=True),
)

CONVICTION: Final = _table(
    Fact("jurisdiction", "text", "Where was the conviction? (us, us-ny, us-tx, or a country)"),
    Fact("law", "text", "Under which law, as the jurisdiction names it? (PL, VTL, PC, 8-USC)"),
    Fact("section", "text", "Which section?"),
    Fact("subdivision", "text", "Which subdivision?"),
    _choice("grade", "Felony, misdemeanor or violation?", "felony misdemeanor violation"),
    Fact("class", "text", "Which class?"),
    _choice("form", "Completed, or an attempt or the like?", "completed attempt conspiracy solicitation facilitation"),
    _flag("hate_crime", "Was it convicted as a hate crime?"),
    Fact("offense_date", "day", "When was the offense?"),
    Fact("judgment_date", "day", "When was sentence imposed? (none: plea or verdict, no sentence yet)", nullable=True),
    _choice("status", "Adult conviction, youthful offender or juvenile finding?", "adult youthful_offender juvenile"),
    _flag("vacated", "Was it vacated?"),
    _flag("on_appeal", "Is it on appeal?"),
    _choice("sentence", "What was the sentence?", "state_prison county_jail probation other"),
    _flag("wobbler", "Could it have been charged as either grade?"),
    _flag("reduced_by_prop_47", "Was it a felony or a wobbler before Proposition 47?"),
    _flag("state_prison_eligible", "Is it a felony punishable by state prison?"),
    Fact("incarceration", "spells", "Which spells were served for it?"),
    _flag("equivalent.reviewed", "Has counsel looked for an equivalent offense?"),
    Fact("equivalent.section", "text", "Which section is the equivalent? (none, if there is none)", nullable=True),
    _flag("equivalent.max_term_over_one_year", "Could more than one year be imposed, there and here?"),
)

CHARGE: Final = _table(
    Fact("jurisdiction", "text", "Where is the case?"),
    Fact("law", "text", "Under which law?"),
    Fact("section", "text", "Which section?"),
    Fact("subdivision", "text", "Which subdivision?"),
    _choice("grade", "Felony, misdemeanor or violation?", "felony misdemeanor violation"),
    Fact("class", "text", "Which class?"),
    _choice("stage", "How far is the case?", "arrest filed held_to_answer"),
)

LISTS: Final[Mapping[str, Mapping[str, Fact]]] = {
    "warrants": WARRANT,
    "record.convictions": CONVICTION,
    "record.charges": CHARGE,
}
ELEMENTS: Final = {"warrant": "warrants", "conviction": "record.convictions", "charge": "record.charges"}

"""The words of a reply to the requester: pure, and careful to say no more than the law lets it say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from detainer.errors import UserError

REQUESTERS = {
    "ice": "U.S. Immigration and Customs Enforcement",
    "cbp": "U.S. Customs and Border Protection",
    "other_federal": "The federal authority that sent the request",
    "other": "The authority that sent the request",
}

# decision → (the act that carries it out, what the reply says when it was done, what it says when it is declined)
_SENTENCES: dict[str, tuple[str, str, str]] = {
    "hold": (
        "held",
        "We hold the person named in the request, for no longer than the law cited below allows.",
        "We will not keep the person named in the request past release.",
    ),
    "notify": (
        "told",
        "We have told you of the release separately, as the law cited below allows.",
        "We will not tell you when the person named in the request will be released.",
    ),
    "transfer": (
        "transferred",
        "The person named in the request was handed over to federal authorities.",
        "We will not hand over the person named in the request.",
    ),
    "interview": ("", "", "We will not make the person named in the request available for an interview."),
    "status": ("", "", "We will not answer about anyone's citizenship or immigration status."),
    "personal_information": ("", "", "We will not give the other information asked for."),
    "access": ("", "", "We will not open the places asked for."),
    "assistance": ("", "", "We will not give the help asked for."),
}
SILENCE = (
    "This reply says nothing about custody, release or charges, and nothing about them can be concluded from it.",
    "If you write to us about this request, please give our number above.",
)


@dataclass(frozen=True)
class Letter:
    """A reply, ready to be set: every string is shown as it stands."""

    title: str
    agency: str
    number: str
    date: date
    about: tuple[tuple[str, str], ...]
    answers: tuple[str, ...]
    basis: tuple[str, ...]
    proof: tuple[tuple[str, str], ...]
    notice: str = ""
    closing: tuple[str, ...] = SILENCE
    lang: str = "en"
    answer_word: str = "Our answer"
    basis_word: str = "The law it rests on"
    proof_word: str = "How this reply can be checked"
    page_word: str = "Page"

    def as_data(self) -> dict[str, Any]:
        """The letter as plain JSON values; the date as year, month, day."""
        return asdict(self) | {"date": [self.date.year, self.date.month, self.date.day]}


def answers(
    asks: Sequence[str], decisions: Mapping[str, Mapping[str, Any]], done: Iterable[str], *, declined: bool
) -> tuple[str, ...]:
    """The sentences that answer what was asked, in the order of the request.

    `done` are the acts on record (`held`, `told`, `transferred`). What was neither done, nor declined, nor forbidden
    has no answer yet: UserError, for a reply must not run ahead of the people who decide.
    """
    acts, sentences = set(done), []
    for name in asks:
        decision = decisions.get(name, {})
        modality = decision.get("modality", "undetermined")
        act, yes, no = _SENTENCES[name]
        if act and act in acts:
            sentences.append(yes)
        elif modality == "not_applicable":
            sentences.append("There is nothing for us to answer.")
        elif modality == "must_not" or declined:
            sentences.append(no)
        else:
            raise UserError(
                f"nothing is decided yet about what was asked ({name})",
                fix="Record that it was declined or, with a second person's approval, done; then reply.",
            )
    return tuple(dict.fromkeys(sentences))


def basis(decisions: Iterable[Mapping[str, Any]], laws: Sequence[str]) -> tuple[str, ...]:
    """The citations that the answers rest on: for each decision those of the law nearest to the agency.

    `laws` are the agency's, widest first. Only citations: a reason's own words could tell what a search has found.
    """
    cites = []
    for decision in decisions:
        nearest = max((laws.index(reason["law"]) for reason in decision["reasons"]), default=-1)
        cites += [reason["cite"] for reason in decision["reasons"] if laws.index(reason["law"]) == nearest]
    return tuple(dict.fromkeys(cites))


def sender(code: str) -> str:
    """The requester as a letter addresses it."""
    return REQUESTERS.get(code, REQUESTERS["other"])


def on_day(moment: datetime) -> str:
    """A local moment as a letter writes it: Tue 24 Nov 2026, 02:10."""
    return f"{moment:%a} {moment.day} {moment:%b %Y, %H:%M}"

"""The law's answer in the words of a page, for a draft and for the record alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from detainer.desk.wording.clockwords import moment, remaining
from detainer.desk.wording.values import DECISION_WORDS, MODALITY_WORDS, options
from detainer.desk.wording.words import say, sentences, tr
from detainer.law import Answer, Case, LawBook
from detainer.law.vocabulary import ALWAYS_JUDGED, DECISIONS, FACTS, LISTS

_MOST_WAYS = 4
_NO_ELEMENTS = {
    "warrants": "no paper came",
    "record.convictions": "the search shows no conviction",
    "record.charges": "no charge is pending",
}


@dataclass(frozen=True)
class Line:
    """One decision: what it is about, what the law says of it, why, and what would change that."""

    name: str
    title: str
    modality: str
    words: str
    until: str
    flat_48: str
    reasons: tuple[Mapping[str, Any], ...]
    set_aside: tuple[Mapping[str, Any], ...]
    against: tuple[Mapping[str, Any], ...]
    changes: tuple[str, ...]
    asked: bool


@dataclass(frozen=True)
class Next:
    """The most decisive fact that is missing: the question, why it is asked, what each answer would lead to."""

    asks: str
    why: str
    outcomes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Picture:
    """An answer, ready to be shown; `day` is the day of the act where the agency is, by whose law it was decided."""

    day: date
    headline: str
    undetermined: bool
    decisions: tuple[Line, ...]
    counsel: tuple[Mapping[str, Any], ...]
    duties: tuple[Mapping[str, Any], ...]
    missing: tuple[str, ...]
    next: Next | None = None

    @property
    def short(self) -> tuple[str, str] | None:
        """The provision that decided first, and why in one sentence: what is not met, or what it says."""
        for line in self.decisions[:2]:
            for reason in line.reasons[:1]:
                failed = [part["text"] for part in reason["because"] if part["met"] is False]
                return reason["cite"], failed[0] if failed and line.modality == "must_not" else reason["text"]
        return None

    @property
    def other_duties(self) -> tuple[Mapping[str, Any], ...]:
        """The duties that no paper fulfils."""
        return tuple(duty for duty in self.duties if not duty.get("paper"))

    @property
    def main(self) -> tuple[Line, ...]:
        """The decisions that were asked for, holding and telling first."""
        return tuple(line for line in self.decisions if line.asked)

    @property
    def beside(self) -> tuple[Line, ...]:
        """The decisions that the law judges although nobody asked."""
        return tuple(line for line in self.decisions if not line.asked)

    @property
    def changes(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """For each main decision, what would change it; none where it takes more than one fact."""
        return tuple((line.title, line.changes) for line in self.main)


def kept(answer: Mapping[str, Any], asks: Sequence[str], zone: ZoneInfo, *, now: datetime) -> Picture:
    """The picture of an answer as the record kept it."""
    decisions = answer["decisions"]
    names = [name for name in DECISIONS if name in decisions and (name in ALWAYS_JUDGED or name in asks)]
    lines = tuple(_line(name, decisions[name], zone, now, main=name in ("hold", "notify", *asks)) for name in names)
    return Picture(
        datetime.fromisoformat(answer["at"]).astimezone(zone).date(),
        sentences(answer["headline"]),
        any(line.modality == "undetermined" for line in lines[:2]),
        lines,
        tuple(answer["counsel"]),
        tuple({**duty, "when": _when(duty.get("due_at"), zone, now)} for duty in answer["duties"]),
        tuple(tr(need["asks"]) for need in answer["facts_needed"]),
    )


def picture(answer: Answer, book: LawBook, case: Case, zone: ZoneInfo, *, now: datetime) -> Picture:
    """The picture of a fresh answer, with the question to ask next and what its answers would lead to."""
    shown = kept(answer.as_json(), answer.asks, zone, now=now)
    if not answer.facts_needed:
        return shown
    need = answer.facts_needed[0]
    ways = tuple(_ways(need.fact, case))
    outcomes = tuple((words, _leads_to(book.decide(way), answer)) for words, way in ways)
    headline = tr("Not settled yet.") if shown.undetermined else shown.headline
    return replace(shown, headline=headline, next=Next(tr(need.asks), tr(need.why), outcomes))


def _ways(path: str, case: Case) -> Iterator[tuple[str, Case]]:
    """The case with each possible answer to one question, where there are few."""
    if path in LISTS:
        yield tr(_NO_ELEMENTS[path]), replace(case, lists={**case.lists, path: ()})
    elif path in FACTS and FACTS[path].kind in ("flag", "choice"):
        offered = options(FACTS[path])
        for value, words in offered if len(offered) <= _MOST_WAYS else ():
            said = value == "true" if FACTS[path].kind == "flag" else value
            yield words[:1].lower() + words[1:], replace(case, facts={**case.facts, path: said})


def _leads_to(then: Answer, now: Answer) -> str:
    """What an answer would lead to: the headline, or the question that decides next."""
    undetermined = "undetermined" in {then.decisions[name].modality for name in ("hold", "notify")}
    if undetermined and then.facts_needed and then.facts_needed[0].fact != now.facts_needed[0].fact:
        return say("this decides next: {asks}", asks=tr(then.facts_needed[0].asks))
    return sentences(then.headline())


def _line(name: str, said: Mapping[str, Any], zone: ZoneInfo, now: datetime, *, main: bool) -> Line:
    modality = said["modality"]
    words = tr(MODALITY_WORDS[modality])
    title = tr(DECISION_WORDS[name])
    return Line(
        name,
        title[:1].upper() + title[1:],
        modality,
        words,
        _when(said.get("until"), zone, now),
        _when(said.get("flat_48"), zone, now),
        tuple(said["reasons"]),
        tuple(said.get("set_aside", ())),
        tuple(said.get("against", ())),
        tuple(_change(change) for change in said.get("changes", ())),
        main,
    )


def _when(text: str | None, zone: ZoneInfo, now: datetime) -> str:
    if not text:
        return ""
    when = datetime.fromisoformat(text)
    return f"{moment(when, zone, now=now)} ({remaining(when, now=now)})"


def _change(change: Mapping[str, Any]) -> str:
    return say("{if_} Then {then}.", if_=" ".join(change["if"]), then=tr(MODALITY_WORDS[change["modality"]]))

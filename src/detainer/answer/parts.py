"""The parts of the papers: what the program fills into a template, each from what is on record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from detainer.answer import saying
from detainer.answer.language import Language
from detainer.answer.structure import Block, items, terms, text
from detainer.errors import UserError
from detainer.law import Agency
from detainer.record import agencies, ledger
from detainer.record.models import Request
from detainer.record.story import Determination, Story

TO_REQUESTER = ("reply",)


@dataclass(frozen=True)
class Matter:
    """All that a part may look at."""

    kind: str
    request: Request
    story: Story
    law: Determination
    answer: Mapping[str, Any]
    agency: Agency
    words: Language
    written: datetime
    reason: str

    @property
    def zone(self) -> ZoneInfo:
        """The agency's local time."""
        return self.agency.zone

    @property
    def asks(self) -> list[str]:
        """What was asked; a form that does not say asks for a hold and a notice."""
        return list(self.request.asks) or ["hold", "notify"]

    def when(self, moment: datetime) -> str:
        """A moment in words."""
        return self.words.moment(moment, self.zone)

    def time(self, step: str, missing: str) -> datetime:
        """When a step was taken; UserError where it was not."""
        if step not in self.story.times:
            raise UserError(missing, fix="Record it first.")
        return self.story.times[step]

    def said(self, *, intends: bool = False) -> list[tuple[str, bool]]:
        """Yes or no to each thing asked."""
        done = [act for act in saying.ACTS.values() if act in self.story.times]
        return saying.answers(self.asks, self.answer["decisions"], done, self.story.declined, intends=intends)


def about(matter: Matter) -> list[Block]:
    """Whom and what it is about. The requester reads only what its own form says."""
    words, request, person = matter.words, matter.request, matter.story.person or {}
    form = request.form if request.form not in ("other", "none", "") else ""
    came = f"{words['form']} {form}" if form else words["your_request"]
    received = f"{came}, {words['received']} {matter.when(request.received_at)}"
    day = words.day(matter.written.astimezone(matter.zone).date())
    who, name = words[saying.sender(request.from_)], str(person.get("name", ""))
    if matter.kind in TO_REQUESTER:
        rows = [
            (words["to"], who),
            (words["date"], day),
            (words["number"], request.number),
            (words["came"], received),
            (words["person"], name),
            (words["file_number"], str(person.get("file_number", ""))),
        ]
    else:
        rows = [
            (words["person_here"], name or words["not_known"]),
            (words["booking"], str(person.get("booking_number", ""))),
            (words["date"], day),
            (words["number"], request.number),
            (words["came"], received),
            (words["from"], who),
        ]
    return [terms(rows)]


def answers(matter: Matter) -> list[Block]:
    """The sentences that answer the requester."""
    if matter.request.withdrawn_at and matter.request.state != "open":
        return [text(matter.words["withdrawn_answer"], strong=True)]
    said = [matter.words[f"{'yes' if yes else 'no'}_{name}"] for name, yes in matter.said()]
    return [text(one, strong=True) for one in said]


def silence(matter: Matter) -> list[Block]:
    """That nothing follows from a no; left out of a reply that says what was done."""
    done = any(act in matter.story.times for act in saying.ACTS.values())
    return [text(matter.words[word]) for word in (("give_number",) if done else ("silence", "give_number"))]


def law(matter: Matter) -> list[Block]:
    """The citations that the paper rests on."""
    of = {name: found.cite for name, found in agencies.book().laws.items()}
    if matter.kind in ("reply", "notice"):
        withdrawn = matter.request.withdrawn_at and matter.request.state != "open"
        said = [(name, False) for name in matter.asks] if withdrawn else matter.said(intends=matter.kind == "notice")
        return [items(saying.cites(said, matter.answer["decisions"], matter.agency.laws, of))]
    decision = {"told": "notify", "hold": "hold", "hold-end": "hold", "release-order": "hold"}.get(matter.kind)
    found = saying.cites([(decision, True)], matter.answer["decisions"], matter.agency.laws, of) if decision else []
    owed = [duty["cite"] for duty in matter.answer["duties"] if duty.get("paper") == matter.kind]
    narrowest = [name for name in matter.agency.laws if name in of and name != "us-local-policy"][-1]
    return [items(list(dict.fromkeys([*found, *owed])) or [of[narrowest]])]


def asked(matter: Matter) -> list[Block]:
    """What was asked about the person."""
    words = matter.words
    who = words[saying.sender(matter.request.from_)]
    return [
        text(f"{words['asked_by']}: {who}."),
        text(f"{words['asked_head']}:"),
        items([words[f"asked_{name}"] for name in matter.asks]),
    ]


def copy(matter: Matter) -> list[Block]:
    """That a copy of the request goes with the notice."""
    return [text(matter.words["copy"])]


def comply(matter: Matter) -> list[Block]:
    """Whether the agency intends to comply, for each thing that was asked."""
    words = matter.words
    if matter.request.withdrawn_at and matter.request.state != "open":
        return [text(words["comply_withdrawn"], strong=True)]
    said = matter.said(intends=True)
    return [
        items([f"{words['comply_yes' if yes else 'comply_no']}: {words[f'asked_{name}']}" for name, yes in said]),
    ]


def told(matter: Matter) -> list[Block]:
    """That federal authorities were told, and when."""
    moment = matter.time("told", "federal authorities were not told: there is nothing to give notice of")
    return [text(matter.words["told"].format(when=matter.when(moment)), strong=True), text(matter.words["told_copy"])]


def reason(matter: Matter) -> list[Block]:
    """Why they were told: the officer's written reason, else the law's own sentence, which is in English."""
    words = matter.words
    if matter.reason:
        return [text(matter.reason)]
    reasons = matter.answer["decisions"].get("notify", {}).get("reasons", ())
    if not reasons:
        raise UserError("the law gives no sentence to say why they were told", fix="Write the reason yourself.")
    english = "" if words.code == "en" else "en"
    said = [text(words["reason_law"])] if english else []
    if english:
        said.append(text(f"{words['in_english']}:"))
    return said + [text(one["text"], english) for one in reasons]


def hold(matter: Matter) -> list[Block]:
    """That a hold runs, and since when."""
    moment = matter.time("held", "no hold is on record")
    words = matter.words
    return [text(words["hold"], strong=True), terms([(words["hold_began"], matter.when(moment))])]


def ends(matter: Matter) -> list[Block]:
    """The ends of the hold: the earliest first, for it must not outlive any of them."""
    words, said = matter.words, matter.answer["decisions"].get("hold", {})
    found = {name: datetime.fromisoformat(said[name]) for name in ("until", "outer_limit", "flat_48") if said.get(name)}
    if not found:
        return [text(words["hold_unknown"]), text(words["hold_attorney"])]
    rows = [(words["hold_latest"], matter.when(min(found.values())))]
    if "flat_48" in found:
        rows.append((words["hold_flat"], matter.when(found["flat_48"])))
    return [terms(rows), text(words["hold_attorney"])]


def ended(matter: Matter) -> list[Block]:
    """That the hold ended, when, and how long it was."""
    matter.time("held", "no hold is on record")
    steps = [matter.story.times[step] for step in ("released", "transferred") if step in matter.story.times]
    if not steps:
        raise UserError("the hold has not ended on record", fix="Record the release first.")
    words, past = matter.words, matter.story.past_release
    rows = [(words["ended_at"], matter.when(max(steps)))]
    if past is not None:
        rows.append((words["kept_for"], str(past // 60)))
    return [text(words["ended"], strong=True), terms(rows)]


def order(matter: Matter) -> list[Block]:
    """The order to release, with the earliest end of the hold, or the moment of release where there is none."""
    words, request = matter.words, matter.request
    if request.transferred_at or request.released_at:
        raise UserError("the person is no longer in custody on record: there is nobody to release")
    due = request.alarm_at if request.held_at else request.releasable_at
    by = words["order_now"] if due is None or due <= matter.written else matter.when(due)
    if due is None and not request.held_at:
        raise UserError("the moment of release is not known", fix="Record it among the facts.")
    return [
        text(words["order"], strong=True),
        terms([(words["order_by"], by)]),
        text(words["order_other"]),
        terms([(words["order_signed"], "_" * 40)]),
    ]


def advice(matter: Matter) -> list[Block]:
    """What a person must be told before an interview: every thing that any shipped law asks for."""
    return [items([matter.words[f"advice_{number}"] for number in range(1, 7)])]


def consent(matter: Matter) -> list[Block]:
    """The three answers to tick, and the line to sign."""
    words = matter.words
    choices = [f"[   ] {words[f'consent_{one}']}" for one in ("yes", "attorney", "no")]
    return [items(choices), terms([(words["consent_signed"], "_" * 40)])]


def rights(matter: Matter) -> list[Block]:
    """What a person need not disclose, and what disclosing can lead to."""
    return [text(matter.words["rights_1"], strong=True), text(matter.words["rights_2"])]


def judge(matter: Matter) -> list[Block]:
    """That the person is subject to a detainer."""
    words = matter.words
    rows = [(words["judge_came"], matter.when(matter.request.received_at))]
    return [text(words["judge"], strong=True), terms(rows), text(words["judge_papers"])]


def proof(matter: Matter) -> list[Block]:
    """The number, the laws that were asked in their versions, and the checkpoint that the paper stands on."""
    origin, size, root = ledger.latest().note.split("\n")[:3]
    words, book = matter.words, agencies.book()
    laws = "; ".join(
        f"{book.laws[layer['law']].cite if layer['law'] in book.laws else layer['law']}, "
        f"{words['version_of']} {layer['version']}"
        for layer in matter.law.laws
        if layer["version"]
    )
    rows = [
        (words["number"], matter.request.number),
        (words["law_asked"], laws),
        (words["digest"], matter.law.digest),
        (words["checkpoint"], f"{origin}, {size} {words['entries']}, {words['root']} {root}"),
    ]
    return [terms(rows, small=True)]


PARTS: Mapping[str, Callable[[Matter], list[Block]]] = {
    part.__name__: part
    for part in (
        about, answers, silence, law, asked, copy, comply, told, reason, hold, ends, ended, order, advice, consent,
        rights, judge, proof,
    )
}  # fmt: skip

"""Papers: composed from the record, set as PDF and HTML, and recorded as an event with their digests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from detainer import clock
from detainer.answer import court, language, parts, structure, twin, typeset
from detainer.answer.language import PARTS, Language
from detainer.answer.parts import Matter
from detainer.answer.structure import Block, Paper
from detainer.errors import UserError
from detainer.law.vocabulary import PAPERS
from detainer.record import agencies, duties, export, journal
from detainer.record.models import Event, Request

LONGEST_REASON = 2000


@dataclass(frozen=True)
class Made:
    """A paper as files: its words, its PDF and its HTML twin."""

    kind: str
    data: Mapping[str, Any]
    pdf: bytes
    html: bytes

    def name(self, suffix: str) -> str:
        """A file name that names nobody."""
        return f"{self.kind}-{self.data['number']}.{suffix}"


def make(request: Request, kind: str, lang: str, *, author: str, reason: str = "", copies: Sequence[str] = ()) -> Made:
    """Make a paper and record it; nothing is recorded where there is nothing to say yet.

    `copies` are the digests (SHA-256) of files that go with it, such as the form that the request came on.
    """
    now = clock.now()
    made = files(compose(request, kind, language.language(lang), written=now, reason=reason))
    detail: dict[str, Any] = {
        "document": f"{kind}:sha256:{sha256(made.pdf).hexdigest()}",
        "twin": f"sha256:{sha256(made.html).hexdigest()}",
        "words": f"sha256:{structure.digest(dict(made.data))}",
        "language": lang,
        "paper": dict(made.data),
    }
    if copies:
        detail["copies"] = list(copies)
    journal.act(request, "replied" if kind == "reply" else "paper", happened=now, author=author, detail=detail)
    return made


def compose(request: Request, kind: str, words: Language, *, written: datetime, reason: str = "") -> Paper:
    """A paper in words. UserError where the record does not bear it, or while something is not decided yet."""
    if kind not in PAPERS:
        raise UserError("{kind} is no paper", fix="Papers: {papers}.", kind=repr(kind[:40]), papers=", ".join(PAPERS))
    if len(reason) > LONGEST_REASON:
        raise UserError("the reason is longer than {longest} characters", longest=LONGEST_REASON)
    story = request.story()
    law = story.determination
    if request.sealed_at:
        raise UserError("the record is sealed: no paper can be made from it")
    if law is None or law.answer is None:
        raise UserError("the law has not been asked yet", fix="Ask the law first.")
    agency = agencies.book().agency(request.agency)
    matter = Matter(kind, request, story, law, law.answer, agency, words, written, reason)
    blocks = [block for line in words.papers[kind] for block in _line(matter, line)]
    return Paper(
        kind=kind,
        lang=words.code,
        direction=words.direction,
        title=next(block["text"] for block in blocks if block["type"] == "heading"),
        agency=agency.name,
        number=request.number,
        date=written.astimezone(agency.zone).date(),
        notice=words["demonstration"] if journal.is_demo() else "",
        page_word=words["page"],
        blocks=tuple(blocks),
        attachments=_attached(request, words) if kind == "file" else (),
    )


def files(paper: Paper) -> Made:
    """The paper as PDF and HTML, from one structure."""
    data = paper.as_data()
    return _set(paper.kind, data, language.language(paper.lang)["unprintable"])


def again(request: Request, seq: int) -> tuple[Made, bool]:
    """A paper that was made before, from the words that the record kept; and whether it is the same to the byte.

    UserError where there is no such paper, or its words were removed with the record.
    """
    event = Event.objects.filter(request_id=request.id, seq=seq, kind__in=duties.PAPER_KINDS).first()
    data = ((event.body() or {}).get("detail") or {}).get("paper") if event else None
    if event is None or data is None:
        raise UserError("there is no such paper", fix="It was never made, or its words were removed with the record.")
    before = duties.papers([event])[0]
    made = _set(before.kind, data, language.language(data["lang"])["unprintable"])
    return made, sha256(made.pdf).hexdigest() == before.pdf


def _set(kind: str, data: Mapping[str, Any], unprintable: str) -> Made:
    return Made(kind, data, typeset.pdf(data, unprintable), twin.html(data))


def _line(matter: Matter, line: str) -> list[Block]:
    """One line of a template: a heading, a part, or the agency's own sentence."""
    if line.startswith("[") and line.endswith("]"):
        part = line[1:-1]
        own = court.PARTS if matter.kind == "file" and part in court.PARTS else parts.PARTS
        return own[part](matter)
    said = line.replace("{number}", matter.request.number).replace("{agency}", matter.agency.name)
    if line.startswith("## "):
        return [structure.heading(2, said[3:])]
    return [structure.heading(1, said[2:])] if line.startswith("# ") else [structure.text(said)]


def _attached(request: Request, words: Language) -> tuple[dict[str, str], ...]:
    proof = json.dumps(export.proof(request, personal=False), ensure_ascii=False)
    return ({"name": "proof.json", "text": proof, "says": words["proof_attached"]},)


__all__ = ["LONGEST_REASON", "PAPERS", "PARTS", "Made", "again", "compose", "files", "make"]

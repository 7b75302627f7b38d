"""The parts of the file for counsel or a court: request, facts, law as it stood, answer, duties, papers, events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from detainer.answer import saying
from detainer.answer.parts import Matter
from detainer.answer.structure import Block, table, terms, text
from detainer.law.vocabulary import FACTS
from detainer.record import agencies, canonical, duties
from detainer.record.models import Event

_TELL = ("received", "facts", "corrected")


def request(matter: Matter) -> list[Block]:
    """The request and the person."""
    words, found, person = matter.words, matter.request, matter.story.person or {}
    rows = [
        (words["number"], found.number),
        (words["from"], words[saying.sender(found.from_)]),
        (words["form"], found.form),
        (words["received"].capitalize(), matter.when(found.received_at)),
        (words["asks"], ", ".join(words[f"decides_{name}"] for name in matter.asks)),
        *((_called(matter, name), str(value)) for name, value in person.items()),
    ]
    return [terms(rows)]


def _called(matter: Matter, name: str) -> str:
    """What a mark of a person is called."""
    plain = f"person_{name}"
    return matter.words[plain] if plain in matter.words.words else str(name).replace("_", " ").capitalize()


def answer(matter: Matter) -> list[Block]:
    """What the law said of each decision, and why."""
    words, blocks = matter.words, [text(matter.answer["headline"], "en", strong=True)]
    rows = []
    for name, said in matter.answer["decisions"].items():
        why = [f"{reason['cite']}: {reason['text']}" for reason in said["reasons"]]
        why += [f"{part['cite']}: {part['text']}" for reason in said["reasons"] for part in reason["because"]]
        until = f" ({matter.when(datetime.fromisoformat(said['until']))})" if said.get("until") else ""
        rows.append(
            [words[f"decides_{name}"], words[f"says_{said['modality']}"] + until, "\n".join(dict.fromkeys(why))]
        )
    return [*blocks, table([words["decision"], words["says"], words["because"]], rows, [2, 2, 6])]


def laws(matter: Matter) -> list[Block]:
    """Each law with its version and its digest."""
    words, book = matter.words, agencies.book()
    rows = []
    for layer in matter.answer["laws"]:
        known = book.laws.get(layer["law"])
        name = f"{known.name}, {known.cite}" if known else layer["law"]
        rows.append([name, layer["version"] or words["none"], layer["digest"]])
    return [table([words["law"], words["version"], "SHA-256"], rows, [4, 2, 4])]


def facts(matter: Matter) -> list[Block]:
    """Each fact that the answer rested on, with the entry and the account it came from."""
    words, sources = matter.words, _sources(matter)
    rows = []
    for path, value in _flat(matter.law.case or {}):
        if path == "agency":
            continue
        asked = FACTS[path].asks if path in FACTS else words["when"]
        rows.append([asked, _moment(matter, path, value) or _value(matter, value), sources.get(path, "")])
    return [table([words["question"], words["answer"], words["source"]], rows, [4, 4, 3])]


def owed(matter: Matter) -> list[Block]:
    """The duties that a paper fulfils, and the paper that did."""
    words, rows = matter.words, []
    for one in duties.of(matter.request):
        due = matter.when(one.due_at) if one.due_at else one.due
        done = f"{one.done.kind}, {words['entry']} {one.done.seq}" if one.done else words["open"]
        rows.append([f"{one.says} {one.cite}", due, done])
    head = [words["duty"], words["due"], words["done"]]
    return [table(head, rows, [5, 3, 3])] if rows else [text(words["none"])]


def made(matter: Matter) -> list[Block]:
    """The papers that were made, with their digests."""
    words = matter.words
    rows = [
        [
            f"{one.kind} ({one.language})",
            matter.when(one.at),
            f"{matter.when(one.delivered)}, {words[f'way_{one.way}']}" if one.delivered else words["not_delivered"],
            one.pdf,
        ]
        for one in duties.papers(_events(matter))
    ]
    head = [words["paper_made"], words["when"], words["delivered"], words["sha"]]
    return [table(head, rows, [2, 3, 3, 4])] if rows else [text(words["none"])]


def events(matter: Matter) -> list[Block]:
    """Every entry: when it happened, what it was, whose it is, its leaf."""
    words = matter.words
    rows = [
        [str(event.seq), matter.when(event.happened_at), event.kind, event.author, event.leaf_hash]
        for event in _events(matter)
    ]
    head = [words["entry"], words["when"], words["what"], words["who"], words["leaf"]]
    return [table(head, rows, [1, 3, 2, 2, 5]), text(words["proof_attached"])]


PARTS: Mapping[str, Callable[[Matter], list[Block]]] = {
    "request": request, "answer": answer, "laws": laws, "facts": facts, "duties": owed, "papers": made,
    "events": events,
}  # fmt: skip


def _events(matter: Matter) -> list[Event]:
    return list(Event.objects.filter(request_id=matter.request.id).order_by("seq"))


def _flat(case: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The facts of a case by their paths; a list stays whole."""
    for key, value in case.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping) and path not in FACTS:
            yield from _flat(value, f"{path}.")
        else:
            yield path, value


def _sources(matter: Matter) -> dict[str, str]:
    """For each fact the last entry that told it."""
    found = {}
    for event in _events(matter):
        if event.kind in _TELL and event.seq < matter.law.seq:
            for path, _ in _flat((event.body() or {}).get("facts", {})):
                found[path] = f"{matter.words['entry']} {event.seq}, {event.author}"
    return found


def _moment(matter: Matter, path: str, value: Any) -> str:
    """A moment in local time; empty where the value is none."""
    is_one = isinstance(value, str) and "T" in value and (path == "at" or FACTS[path].kind == "moment")
    return matter.when(datetime.fromisoformat(value)) if is_one else ""


def _value(matter: Matter, value: Any) -> str:
    """A value as the case file has it, one element of a list a line."""
    if isinstance(value, bool):
        return matter.words["is_yes" if value else "is_no"]
    if isinstance(value, list):
        return "\n".join(_value(matter, one) for one in value) or matter.words["none"]
    if isinstance(value, Mapping):
        return "; ".join(f"{name.replace('_', ' ')}: {_value(matter, inner)}" for name, inner in value.items())
    if value is None:
        return "none"
    return canonical.encode(value).strip('"') if not isinstance(value, str) else value.replace("_", " ")

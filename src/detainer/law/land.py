"""The law of the land: what each agency would be told of one set of facts, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from textwrap import TextWrapper

from detainer.law.answer import Answer
from detainer.law.book import Agency, LawBook
from detainer.law.case import Case
from detainer.law.explain import NAMES, SAYS, when

_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Place:
    """One agency and the answer that it would get."""

    agency: Agency
    answer: Answer


@dataclass(frozen=True, slots=True)
class Cell:
    """What one agency would be told of one decision: the answer in words, and the provisions that give it."""

    says: str
    cites: tuple[str, ...]


def land(book: LawBook, case: Case, agencies: Iterable[str] = ()) -> tuple[Place, ...]:
    """The answers of these agencies, or of all, to the facts of a case; UserError for an agency that is not there."""
    names = tuple(agencies) or tuple(book.agencies)
    places = (book.agency(name) for name in names)
    return tuple(Place(agency, book.decide(_at(case, agency))) for agency in places)


def _at(case: Case, agency: Agency) -> Case:
    """The same facts before another agency."""
    return replace(case, agency=agency.id, facts={**case.facts, "agency": agency.id})


def cell(place: Place, decision: str) -> Cell:
    """What a place says of one decision, in a few words, with its citations."""
    said = place.answer.decisions.get(decision)
    if said is None:
        return Cell("", ())
    until = f" until {when(said.until, place.agency.zone)}" if said.until else ""
    return Cell(f"{SAYS[said.modality]}{until}", tuple(dict.fromkeys(reason.cite for reason in said.reasons)))


def decisions(places: Iterable[Place]) -> tuple[str, ...]:
    """The decisions that the request asks for, or hold and notify where it asks for none."""
    asked = [name for place in places for name in place.answer.asks]
    return tuple(dict.fromkeys(asked)) or ("hold", "notify")


def text(case: Case, places: tuple[Place, ...]) -> str:
    """The answers under one another, each decision with what every place says of it and why."""
    return "\n".join(_lines(case, places))


def _lines(case: Case, places: tuple[Place, ...]) -> Iterator[str]:
    yield from TextWrapper(_WIDTH).wrap(f"{case.id} · {case.about}" if case.about else case.id)
    for decision in decisions(places):
        yield f"  {NAMES[decision]}"
        for place in places:
            found = cell(place, decision)
            line = f"{place.agency.short}: {found.says}" + (f" [{'; '.join(found.cites)}]" if found.cites else "")
            yield from TextWrapper(_WIDTH, initial_indent="    ", subsequent_indent="      ").wrap(line)


def as_json(case: Case, places: tuple[Place, ...]) -> dict[str, object]:
    """The same as data: one object a case, with each agency's decisions and citations."""
    return {
        "id": case.id,
        "about": case.about,
        "agencies": {
            place.agency.id: {
                name: {"modality": place.answer.decisions[name].modality, "cites": list(cell(place, name).cites)}
                for name in decisions(places)
                if name in place.answer.decisions
            }
            for place in places
        },
    }

"""The law of the land: what every agency would be told of the same facts, each answer with its citations and links."""

from __future__ import annotations

from dataclasses import dataclass

from detainer.desk.form.entry import Typed
from detainer.law import land
from detainer.law.book import LawBook
from detainer.law.explain import NAMES
from detainer.site import law_facts
from detainer.site.law_facts import Tried
from detainer.site.law_links import law_url


@dataclass(frozen=True, slots=True)
class Cite:
    """A provision that decided."""

    words: str
    address: str
    says: str


@dataclass(frozen=True, slots=True)
class Said:
    """What one agency would be told of one decision; `asks` is what to find out where it is not settled."""

    title: str
    modality: str
    says: str
    cites: tuple[Cite, ...]
    asks: str


@dataclass(frozen=True, slots=True)
class Row:
    """One agency: the answer in a line, and each decision."""

    agency: str
    address: str
    headline: str
    said: tuple[Said, ...]


def read(book: LawBook, said: Typed) -> tuple[Tried, ...]:
    """The facts as each agency would have them: its local time, and what stands for every request of it."""
    return tuple(law_facts.read(said, agency) for agency in book.agencies.values())


def rows(book: LawBook, tried: tuple[Tried, ...], said: Typed) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """The decisions that are asked for, and what each agency would be told of them."""
    places = tuple(land.land(book, one.case, [one.agency.id])[0] for one in tried)
    names = tuple(dict.fromkeys(("hold", "notify", *land.decisions(places))))
    found = tuple(
        Row(
            place.agency.name,
            law_facts.address(said, one),
            place.answer.headline(),
            tuple(_said(place, name, one) for name in names),
        )
        for one, place in zip(tried, places, strict=True)
    )
    return tuple(NAMES[name] for name in names), found


def _said(place: land.Place, name: str, tried: Tried) -> Said:
    decision, day = place.answer.decisions[name], tried.at.astimezone(tried.agency.zone).date()
    cites = tuple(
        Cite(reason.cite, law_url(reason.law, reason.provision, day), reason.text) for reason in decision.reasons
    )
    needed = (need.asks for need in place.answer.facts_needed if name in need.decisions)
    asks = next(needed, "") if decision.modality == "undetermined" else ""
    return Said(NAMES[name], decision.modality, land.cell(place, name).says, cites, asks)

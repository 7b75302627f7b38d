"""Worked cases: case files that say what must come out, and what comes out otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from detainer.errors import UserError
from detainer.law.answer import Answer, Decision, LayerAnswer, LayerDecision
from detainer.law.book import LawBook
from detainer.law.case import Case, read_cases
from detainer.law.vocabulary import DECISIONS

_ENDS = {"hold_until": "until", "outer_limit": "outer_limit", "flat_48": "flat_48"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One key of `expect` that came out otherwise; of one layer alone, the key is `laws.LAW.KEY`."""

    key: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Worked:
    """A worked case of a file, decided: it passed if nothing came out otherwise."""

    file: Path
    case: Case
    answer: Answer
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        """Whether everything came out as expected."""
        return not self.differences


def differences(case: Case, answer: Answer) -> list[Difference]:
    """What the answer to a case says otherwise than its `expect`, in the order of the file.

    A case that expects nothing that can be checked differs, as it shows nothing. `decided_by` is for people and is
    not compared.
    """
    expect = {key: value for key, value in case.expect.items() if key != "decided_by"}
    if not expect:
        return [Difference("expect", "at least one decision", "nothing")]
    return list(_differences(expect, answer))


def run(book: LawBook, files: Iterable[Path]) -> Iterator[Worked]:
    """The cases of these files, decided and compared, in order.

    Raises UserError for the first case that cannot be read or that names an agency the book does not have.
    """
    for file in files:
        for case in read_cases(file):
            book.agency(case.agency, f"{file}: case {case.id}")
            answer = book.decide(case)
            yield Worked(file, case, answer, tuple(differences(case, answer)))


def case_files(place: Path) -> list[Path]:
    """The case files that a path names: the file itself, or every YAML file in a folder `cases` at or below it.

    A folder that holds no folder `cases` is taken for one itself. Raises UserError where there is none to run.
    """
    if place.is_file():
        return [place]
    if not place.is_dir():
        raise UserError("there is no such file or folder", where=str(place))
    every = sorted(place.rglob("*.yaml"))
    found = [path for path in every if path.parent.name == "cases"] or [path for path in every if path.parent == place]
    if not found:
        raise UserError("there is no worked case here", where=str(place), fix="Name a case file or a folder of them.")
    return found


def _differences(expect: Mapping[str, Any], answer: Answer) -> Iterator[Difference]:
    for key, value in expect.items():
        if key in DECISIONS:
            yield from _differs(key, value, _modality(answer.decisions, key))
        elif key in _ENDS:
            yield from _differs_in_time(key, value, answer.decisions["hold"])
        elif key == "counsel":
            asked = ", ".join(question.id for question in answer.counsel)
            if value is not bool(answer.counsel):
                yield Difference(key, "a question" if value else "no question", asked or "no question")
        elif key == "laws":
            layers = {layer.law: layer for layer in answer.laws}
            for law, said in value.items():
                yield from _differences_of_layer(law, said, layers.get(law))


def _differences_of_layer(law: str, said: Mapping[str, Any], layer: LayerAnswer | None) -> Iterator[Difference]:
    """What one law alone says otherwise."""
    if layer is None or not layer.version:
        got = "does not bind the agency" if layer is None else "not in force"
        yield from (Difference(f"laws.{law}.{key}", _told(value), got) for key, value in said.items())
        return
    for key, value in said.items():
        name = f"laws.{law}.{key}"
        if key in DECISIONS:
            yield from _differs(name, value, _modality(layer.decisions, key))
        else:
            yield from _differs_in_time(name, value, layer.decisions["hold"])


def _modality(decisions: Mapping[str, Decision] | Mapping[str, LayerDecision], name: str) -> str:
    found = decisions.get(name)
    return found.modality if found else "not judged: request.asks does not name it"


def _differs(key: str, expected: str, got: str) -> Iterator[Difference]:
    if expected != got:
        yield Difference(key, expected, got)


def _differs_in_time(key: str, expected: datetime, hold: Decision | LayerDecision) -> Iterator[Difference]:
    """Whether an end of the hold is another moment; told in the offset that the case uses."""
    got: datetime | None = getattr(hold, _ENDS[key.rsplit(".", 1)[-1]])
    if got is None:
        yield Difference(key, _told(expected), "no end")
    elif got != expected:
        yield Difference(key, _told(expected), _told(got.astimezone(expected.tzinfo)))


def _told(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)

"""Whether a request was there before: the same one again, one that a newer form cancels, or a namesake's.

Recognised from what the record keeps as personal data, and from nothing else; once that is removed, nobody is found.
What is found is a proposal: a person links the two, or says that they are distinct.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any, Final

from detainer.record import canonical, terms
from detainer.record.agencies import zone
from detainer.record.models import Event, Personal, Request, Term

DUPLICATES: Final = "duplicates"
SUPERSEDES: Final = "supersedes"
SUPERSEDED_BY: Final = "superseded_by"
SAME_PERSON: Final = "same_person"  # another request for the same person; no link of the record
_ORDER = (SUPERSEDES, SUPERSEDED_BY, DUPLICATES, SAME_PERSON)
_TELL = ("received", "facts", "corrected")
_AGAIN = timedelta(days=3)  # the same form without a date of its own, come again
_SENT = timedelta(days=30)  # between a form's date and its receipt, where the earlier form's own date is not known
_MOST = 500


@dataclass(frozen=True)
class Marks:
    """What a request is recognised by. Empty is unknown and contradicts nothing."""

    name: str = ""
    born: str = ""  # ISO
    file_number: str = ""
    event_number: str = ""
    form: str = ""
    asks: frozenset[str] = frozenset()
    form_date: str = ""  # ISO
    cancels: str = ""  # ISO: the date of the earlier form that this one says it cancels
    received: date | None = None

    @property
    def digits(self) -> str:
        """The file number as it is compared."""
        return re.sub(r"\D", "", self.file_number)

    @property
    def words(self) -> frozenset[str]:
        """The name as it is compared: its words in small, without accents, in any order."""
        return frozenset(word for word in terms.words(self.name) if len(word) > 1)


@dataclass(frozen=True)
class Alike:
    """A request that was there before, how it stands to the one asked about, and why that is thought."""

    request_id: str
    how: str  # one of the four above
    why: tuple[str, ...]
    surely: bool = True  # whether the person is told by more than a name


@dataclass
class _Told:
    """What the events of one request say of it, later ones over earlier."""

    person: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)
    reference: str = ""


def alike(agency: str, marks: Marks, *, besides: Collection[str] = ()) -> list[Alike]:
    """The agency's requests that one with these marks may be the same as, surest first; without those in `besides`."""
    ids = [one for one in _perhaps(agency, marks) if one not in besides]
    found = [hit for request_id, there in marks_of(ids).items() if (hit := compare(marks, there, request_id))]
    return sorted(found, key=lambda hit: (not hit.surely, _ORDER.index(hit.how), hit.request_id))


def of_request(request: Request) -> list[Alike]:
    """The same for a request on record, without those it is linked to."""
    marks = marks_of([request.id]).get(request.id)
    return alike(request.agency, marks, besides={request.id, *_linked(request.id)}) if marks else []


def pairs(agencies: Iterable[str]) -> Iterator[tuple[str, Alike]]:
    """Every pair of these agencies' requests that are alike and not linked: the later one's id, and the earlier."""
    for agency in agencies:
        ids = list(Request.objects.filter(agency=agency, sealed_at=None).values_list("id", flat=True))
        marks = marks_of(ids)
        groups: dict[Any, set[str]] = defaultdict(set)
        for request_id, one in marks.items():
            if one.digits:
                groups[one.digits].add(request_id)
            if one.words:
                groups[one.words].add(request_id)
        linked = _all_links(agency)
        tried: set[frozenset[str]] = set()
        for group in groups.values():
            for two in map(frozenset, combinations(sorted(group), 2)):
                if two in tried or two in linked:
                    continue
                tried.add(two)
                early, late = sorted(two, key=lambda one: (marks[one].received or date.max, one))
                if hit := compare(marks[late], marks[early], early):
                    yield late, hit


def compare(new: Marks, old: Marks, request_id: str) -> Alike | None:
    """How an earlier request stands to a newer one; None where they name different people."""
    same = _same_person(new, old)
    if same is None:
        return None
    why, surely = same
    if new.cancels and _is_of(new.cancels, old):
        return Alike(request_id, SUPERSEDES, (*why, f"it says that it cancels the form of {new.cancels}"), surely)
    if old.cancels and _is_of(old.cancels, new):
        return Alike(request_id, SUPERSEDED_BY, (*why, f"that one cancels the form of {old.cancels}"), surely)
    again = _again(new, old)
    return (
        Alike(request_id, DUPLICATES, (*why, again), surely) if again else Alike(request_id, SAME_PERSON, why, surely)
    )


def _same_person(new: Marks, old: Marks) -> tuple[tuple[str, ...], bool] | None:
    """Why two requests mean one person, and whether by more than a name; None where they do not."""
    if new.digits and new.digits == old.digits:
        return ("same file number",), True
    small, large = sorted((new.words, old.words), key=len)
    if not small or not small <= large or (small != large and len(small) < 2):
        return None
    if new.born and old.born:
        if new.born != old.born:
            return None
        other = new.digits and old.digits
        return ("same name and date of birth", *(["another file number"] if other else [])), True
    return None if new.digits and old.digits else (("same name",), False)


def _again(new: Marks, old: Marks) -> str:
    """Why two requests for one person are one request; empty where they are not."""
    if (new.form and old.form and new.form != old.form) or (new.asks and old.asks and new.asks != old.asks):
        return ""
    if new.form_date and old.form_date:
        return f"both forms are dated {new.form_date}" if new.form_date == old.form_date else ""
    if new.event_number and new.event_number == old.event_number:
        return "same event number"
    near = new.received and old.received and abs(new.received - old.received) <= _AGAIN
    return "the same form, come within three days" if near and new.form else ""


def _is_of(day: str, old: Marks) -> bool:
    """Whether a request is the one whose form bore that day."""
    if old.form_date:
        return old.form_date == day
    try:
        written = date.fromisoformat(day)
    except ValueError:
        return False
    return bool(old.received and written <= old.received <= written + _SENT)


def marks_of(ids: Collection[str]) -> dict[str, Marks]:
    """The marks of requests on record; none for one that is sealed or whose person nobody named."""
    told: dict[str, _Told] = defaultdict(_Told)
    for start in range(0, len(ids), _MOST):
        some = list(ids)[start : start + _MOST]
        bodies = Personal.objects.filter(event__request_id__in=some, event__kind__in=_TELL).order_by("event_id")
        for request_id, body in bodies.values_list("event__request_id", "body"):
            _tell(told[request_id], canonical.decode(body))
    rows = {
        row.id: row
        for start in range(0, len(ids), _MOST)
        for row in Request.objects.filter(id__in=list(ids)[start : start + _MOST], sealed_at=None)
    }
    return {
        request_id: _marks(rows[request_id], one)
        for request_id, one in told.items()
        if one.person and request_id in rows
    }


def _tell(one: _Told, body: Mapping[str, Any]) -> None:
    one.person.update(body.get("person") or {})
    said = body.get("said")
    one.said.update(said if isinstance(said, Mapping) else {})
    one.reference = str(body.get("reference") or one.reference)


def _marks(row: Request, one: _Told) -> Marks:
    person, said = one.person, one.said
    return Marks(
        name=str(person.get("name") or ""),
        born=str(person.get("born") or ""),
        file_number=str(person.get("file_number") or ""),
        event_number=str(said.get("event_number") or one.reference),
        form=row.form,
        asks=frozenset(row.asks),
        form_date=str(said.get("form_date") or ""),
        cancels=str(said.get("cancels_form_of") or ""),
        received=_day(row.agency, row.received_at),
    )


def _day(agency: str, at: datetime) -> date:
    return at.astimezone(zone(agency)).date()


def _perhaps(agency: str, marks: Marks) -> set[str]:
    """The requests that could be about the same person: looked for loosely, compared afterwards."""
    wanted = {marks.digits} | set(sorted(marks.words, key=len)[-1:]) | set(terms.numbers(marks.born))
    found = Term.objects.filter(agency=agency, term__in=wanted - {""})
    return set(found.values_list("request_id", flat=True))


def _linked(request_id: str) -> set[str]:
    linked = Event.objects.filter(request_id=request_id, kind="linked").values_list("public", flat=True)
    return {canonical.decode(one)["to"] for one in linked}


def _all_links(agency: str) -> set[frozenset[str]]:
    linked = Event.objects.filter(agency=agency, kind="linked").values_list("request_id", "public")
    return {frozenset((one, canonical.decode(public)["to"])) for one, public in linked}

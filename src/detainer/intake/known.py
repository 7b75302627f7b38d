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
from typing import Any, Final

from django.db.models import Q, QuerySet

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
_LOOKED, _RARE = 100, 50  # requests looked at together, and how many have a rare word in their name


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
    near = _near(agency, {"": marks}, _MOST)[""]
    ids = [one for one in near if one not in besides]
    found = [hit for request_id, there in marks_of(ids).items() if (hit := compare(marks, there, request_id))]
    return sorted(found, key=lambda hit: (not hit.surely, _ORDER.index(hit.how), hit.request_id))


def of_request(request: Request) -> list[Alike]:
    """The same for a request on record, without those it is linked to."""
    marks = marks_of([request.id]).get(request.id)
    return alike(request.agency, marks, besides={request.id, *_linked(request.id)}) if marks else []


def latest(agencies: Iterable[str], before: Request | None = None) -> list[Request]:
    """The last hundred requests of these agencies that came in, or those that came in next before one of them."""
    found = Request.objects.filter(agency__in=list(agencies), sealed_at=None)
    if before:
        found = found.filter(
            Q(received_at__lt=before.received_at) | Q(received_at=before.received_at, id__lt=before.id),
            received_at__lte=before.received_at,
        )
    return list(found.order_by("-received_at", "-id")[:_LOOKED])


def pairs(looked: Iterable[Request]) -> Iterator[tuple[str, Alike]]:
    """Every pair of one of these requests and an earlier one that are alike and not linked: the later one's id first.

    It costs what it looks at and finds, not what the record holds.
    """
    at: dict[str, list[str]] = defaultdict(list)
    for row in looked:
        at[row.agency].append(row.id)
    for agency, ids in at.items():
        mine = marks_of(ids)
        near = _near(agency, mine, _RARE)
        marks = marks_of(sorted({one for found in near.values() for one in found} - mine.keys())) | mine
        linked, tried = _links(ids), set[frozenset[str]]()
        for request_id, found in near.items():
            for other in sorted(found & marks.keys() - {request_id}):
                two = frozenset((request_id, other))
                early, late = sorted(two, key=lambda one: (marks[one].received or date.max, one))
                if two in tried or two in linked or (other == late and other not in mine):
                    continue
                tried.add(two)
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


def _near(agency: str, marks: Mapping[str, Marks], rare: int) -> dict[str, set[str]]:
    """For each of these marks the requests that could be about the same person: looked for loosely, compared later.

    They have the file number; or the day of birth and a word of the name; or the longest word of the name, where no
    more than so many have it: that many people of one name are told apart by nothing else.
    """
    born = {one: set(terms.numbers(mark.born)) for one, mark in marks.items()}
    told = {mark.digits for mark in marks.values()} | {term for said in born.values() for term in said}
    having: dict[str, set[str]] = defaultdict(set)
    for term, request_id in _terms(agency, told - {""}).values_list("term", "request_id"):
        having[term].add(request_id)
    words: dict[str, set[str]] = defaultdict(set)
    called = {word for mark in marks.values() for word in mark.words}
    found = sorted({one for said in born.values() for term in said for one in having[term]})
    for start in range(0, len(found), _MOST):
        held = Term.objects.filter(request_id__in=found[start : start + _MOST], term__in=called)
        for request_id, word in held.values_list("request_id", "term"):
            words[request_id].add(word)
    longest = {one: max(mark.words, key=lambda word: (len(word), word)) for one, mark in marks.items() if mark.words}
    for word in set(longest.values()) - having.keys():
        ids = list(_terms(agency, {word}).values_list("request_id", flat=True)[: rare + 1])
        having[word] = set(ids) if len(ids) <= rare else set()
    return {
        one: having[mark.digits]
        | having[longest.get(one, "")]
        | {other for term in born[one] for other in having[term] if words[other] & mark.words}
        for one, mark in marks.items()
    }


def _terms(agency: str, wanted: Collection[str]) -> QuerySet[Term]:
    return Term.objects.filter(agency=agency, term__in=wanted)


def _linked(request_id: str) -> set[str]:
    linked = Event.objects.filter(request_id=request_id, kind="linked").values_list("public", flat=True)
    return {canonical.decode(one)["to"] for one in linked}


def _links(ids: Collection[str]) -> set[frozenset[str]]:
    linked = Event.objects.filter(request_id__in=ids, kind="linked").values_list("request_id", "public")
    return {frozenset((one, canonical.decode(public)["to"])) for one, public in linked}

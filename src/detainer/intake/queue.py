"""The papers that wait for a person, the earliest first; without a name of anybody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as mark

from detainer.intake import steps
from detainer.intake.confirming import SURE
from detainer.intake.models import Draft, Paper

WAYS = {
    "file": mark("by the command line"),
    "desk": mark("by upload"),
    "folder": mark("by the watched folder"),
    "mailbox": mark("by e-mail"),
    "api": mark("by a program"),
}


_HERE = (Draft.READING, Draft.WAITING)


@dataclass(frozen=True)
class Waiting:
    """One paper in the queue: what it is, how it came, and how much of it a person must look at."""

    draft_id: str
    agency: str
    form: str  # empty where none could be read
    pages: tuple[int, ...]
    came: datetime
    way: str
    values: int
    singly: int
    problems: tuple[str, ...]
    being_read: bool = False
    page: int = 0  # while it is being read, and of how many; 0 while nobody knows
    of: int = 0


def way(sent: str) -> str:
    """How a paper came, in words."""
    return _(WAYS[sent]) if sent in WAYS else sent


def count(agencies: Collection[str]) -> int:
    """How many wait, those that are being read too."""
    return Draft.objects.filter(state__in=_HERE, paper__agency__in=list(agencies)).count() if agencies else 0


def waiting(agencies: Collection[str]) -> list[Waiting]:
    """Every paper of these agencies that waits."""
    found = Draft.objects.filter(state__in=_HERE, paper__agency__in=list(agencies))
    rows = found.order_by("paper__came", "paper_id", "place").values_list(
        "id", "paper__agency", "form", "reading", "paper__came", "paper__way", "state", "paper__page", "paper__pages"
    )
    return [
        Waiting(
            draft_id,
            agency,
            form,
            tuple(reading.get("pages", ())),
            came,
            way(sent),
            len(reading.get("fields", {})),
            sum(1 for one in reading.get("fields", {}).values() if one["score"] < SURE),
            tuple(reading.get("problems", ())),
            state == Draft.READING,
            page,
            of,
        )
        for draft_id, agency, form, reading, came, sent, state, page, of in rows
    ]


def title(form: str) -> str:
    """What a paper is called."""
    if not form:
        return _("A paper that could not be read")
    return _("Perhaps a federal judge’s warrant") if form == "judicial" else _("Form %s") % form


def of_request(request_id: str) -> list[Draft]:
    """The papers that belong to a request, the earliest first, as long as their bytes are kept."""
    found = Draft.objects.select_related("paper").filter(request_id=request_id).exclude(paper__salt="")
    return list(found.order_by("paper__came", "place"))


def as_came(paper: Paper) -> bool:
    """Whether a paper's bytes are still those that came, as the ledger committed to them."""
    return steps.is_as_came(paper.id, paper.salt, paper.digest, bytes(paper.data))


def companions(draft: Draft) -> list[Draft]:
    """The warrants of the same file that wait with a form and follow it before the next form."""
    others = draft.paper.drafts.filter(place__gt=draft.place).order_by("place")
    found = []
    for other in others:
        if other.form.startswith("I-247"):
            break
        if other.form and other.state == Draft.WAITING:
            found.append(other)
    return found

"""One paper that came in, as it is shown and as it is sent back: its fields, the papers with it, what it may repeat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as mark

from detainer.desk.form.entry import SOME, Entry, Typed
from detainer.desk.form.fields import Group, group
from detainer.desk.form.paper_fields import FORM, JUDICIAL, WARRANT, PaperForm
from detainer.desk.form.typed import read_moment, show_moment
from detainer.desk.wording.readings import REASONS, again
from detainer.errors import UserError
from detainer.intake import known, queue
from detainer.intake.confirming import Confirmed, Linked
from detainer.intake.known import Alike, Marks
from detainer.intake.models import Draft
from detainer.law.vocabulary import LISTS
from detainer.record.models import Request

FORMS = ("I-247A", "I-247D", "I-247N", "I-247X", "I-247", "other")
SENDERS = {
    "ice": mark("ICE"),
    "cbp": mark("CBP"),
    "other_federal": mark("Another federal authority"),
    "other": mark("Another authority"),
}
_OFFICERS = ("I-200", "I-205")
_JUDGES = ("article_iii_judge", "us_magistrate_judge")
_WITH_IT = "warrants"
LINKS = {
    "supersedes": mark("This form cancels it: link the two, and record that it was taken back"),
    "duplicates": mark("The same request came twice: link the two"),
    "distinct": mark("They are two requests"),
    "": mark("Leave it open"),
}


@dataclass(frozen=True)
class Companion:
    """A paper of the same file that goes with the form."""

    draft: Draft
    title: str
    words: str
    form: PaperForm
    judicial: bool


@dataclass(frozen=True)
class Before:
    """A request that was there before, and what can be said of the two."""

    alike: Alike
    number: str
    received: datetime
    why: str
    name: str
    chosen: str


@dataclass
class PaperDraft:
    """Everything on the page of one paper."""

    draft: Draft
    typed: Typed
    sent: bool
    zone: ZoneInfo
    now: datetime
    errors: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read what was typed."""
        given = self.typed if self.sent else None
        self.is_warrant = bool(self.draft.form) and not self.draft.form.startswith("I-247")
        self.judicial = self.draft.form == "judicial"
        kinds = (JUDICIAL if self.judicial else WARRANT) if self.is_warrant else FORM
        self.form = PaperForm(kinds, self.draft.reading, given, "v.", needs=not self.judicial)
        found = [] if self.is_warrant else queue.companions(self.draft)
        self.companions = [_companion(one, given, n) for n, one in enumerate(found)]
        self.entry = Entry(self.typed, self.zone, now=self.now)
        self.before = self._before()
        if self.sent:
            self._check()

    @property
    def warrants(self) -> Group:
        """The questions about the papers that came with it."""
        return group(self.entry, _WITH_IT, shown=LISTS[_WITH_IT])

    @property
    def pages(self) -> list[int]:
        """The pages of the paper; the first few where nobody knows which."""
        return list(self.draft.reading.get("pages") or ())

    def labels(self) -> dict[str, tuple[str, str]]:
        """The label and id of each input, by its name."""
        found = {
            "form": (_("Which form it is"), "p-form"),
            "received": (_("When it was received"), "p-received"),
            "from": (_("Who asks"), "p-from"),
            "request": (_("Request number"), "p-request"),
            "ok.warrants": (_("Papers with it"), "p-ok-warrants"),
        } | self.form.labels()
        for one in self.companions:
            found |= one.form.labels()
        warrants = self.warrants
        found[_WITH_IT] = (warrants.field.label, warrants.field.id)
        for row in warrants.rows:
            found |= {one.name: (f"{row.title}: {one.label}", one.id) for one in row.fields}
        return found

    def confirmed(self) -> Confirmed:
        """What the person stands for; only where there is no error."""
        complete = self.typed.one("complete")
        values = {name: value for name, value in self.form.values.items() if value is not None}
        return Confirmed(
            form=self.typed.one("form"),
            received=read_moment(self.typed.one("received"), self.zone, now=self.now),
            sender=self.typed.one("from"),
            values=values,
            how=self.form.how,
            booking_number=" ".join(self.typed.one("booking").split())[:200],
            complete={"true": True, "false": False}.get(complete),
            warrants=self.entry.lists.get(_WITH_IT),
        )

    def with_it(self) -> dict[str, Mapping[str, Any]]:
        """Each paper that goes with the form, with what was confirmed of it."""
        return {one.draft.id: said_of(one.form) for one in self.companions}

    def links(self) -> list[Linked]:
        """The earlier requests that the person linked, and how."""
        return [Linked(one.alike.request_id, one.chosen) for one in self.before if one.chosen]

    def _check(self) -> None:
        self.errors |= self.form.errors
        for one in self.companions:
            self.errors |= one.form.errors
        self.errors |= {name: said for name, said in self.entry.errors.items() if name.startswith(_WITH_IT)}
        if self.is_warrant:
            self._check_warrants([self.form] if self.judicial else [])
            return
        if self.typed.one("form") not in FORMS:
            self.errors["form"] = _("Say which form it is.")
        if self.typed.one("from") not in SENDERS:
            self.errors["from"] = _("Say who asks.")
        try:
            received = read_moment(self.typed.one("received"), self.zone, now=self.now)
            if received > self.now:
                self.errors["received"] = _("That is in the future. Give the time it was received.")
        except UserError as error:
            self.errors["received"] = error.line()
        self._check_warrants([one.form for one in self.companions if one.judicial])

    def _check_warrants(self, judicial: list[PaperForm]) -> None:
        """A judge's warrant is one only where a person says that the judge signed it."""
        rows = self.entry.lists.get(_WITH_IT)
        listed = rows if isinstance(rows, list) else []
        if (self.companions or self.is_warrant) and not self.typed.one("ok.warrants"):
            self.errors["ok.warrants"] = _("Look at each paper and tick the box.")
        if self.is_warrant and not listed:
            self.errors[_WITH_IT] = _("Say what this paper is, or set it aside below.")
        by_judge = [one for one in listed if one.get("issuer") in _JUDGES]
        signed = [form for form in judicial if form.values.get("signed")]
        if by_judge and len(judicial) == 1:
            self.errors |= judicial[0].missing()
        for form in signed if by_judge else ():
            self.errors |= form.missing()
        if judicial and len(by_judge) > len(signed):
            self.errors[_WITH_IT] = _("A paper that no judge signed is no judge’s warrant: say who signed it.")

    def _before(self) -> list[Before]:
        read = self.draft.reading.get("fields", {})
        said = {name: one["value"] for name, one in read.items() if isinstance(one["value"], str)}
        if self.sent:
            said |= {name: value for name, value in self.form.values.items() if isinstance(value, str)}
        marks = Marks(
            name=said.get("subject_name", ""),
            born=said.get("date_of_birth", ""),
            file_number=said.get("file_number", ""),
            event_number=said.get("event_number", ""),
            form="" if self.is_warrant else self.typed.one("form"),
            asks=frozenset(self.form.values.get("asks") or (read.get("asks") or {}).get("value") or ()),
            form_date="" if self.is_warrant else said.get("form_date", ""),
            cancels=said.get("cancels_form_of", ""),
            received=self.draft.paper.came.astimezone(self.zone).date(),
        )
        found = known.alike(self.draft.paper.agency, marks)
        rows = {row.id: row for row in Request.objects.filter(id__in=[one.request_id for one in found])}
        names = {request_id: one.name for request_id, one in known.marks_of(list(rows)).items()}
        return [
            Before(
                one,
                rows[one.request_id].number,
                rows[one.request_id].received_at,
                ", ".join(again(one.why, REASONS)),
                names.get(one.request_id, ""),
                self.typed.one(f"link.{one.request_id}") if self.typed.one(f"link.{one.request_id}") in LINKS else "",
            )
            for one in found
        ]


def said_of(form: PaperForm) -> dict[str, Any]:
    """What a person confirmed of a warrant, for the record."""
    return {
        "fields": {name: {"how": how, "value": form.values.get(name)} for name, how in form.how.items() if how and name}
    }


def first_typed(draft: Draft, zone: ZoneInfo) -> Typed:
    """What stands on the page before anything was typed: when it came, and the warrants that were recognised."""
    values: dict[str, tuple[str, ...]] = {
        "form": (draft.form if draft.form in FORMS else "",),
        "received": (show_moment(draft.paper.came, zone),),
    }
    papers = [draft] if draft.form and not draft.form.startswith("I-247") else queue.companions(draft)
    if papers:
        values[_WITH_IT] = (SOME,)
        values[f"{_WITH_IT}.row"] = tuple(str(n) for n in range(len(papers)))
    for n, paper in enumerate(papers):
        values[f"{_WITH_IT}.{n}.presented"] = ("with_request",)
        if paper.form in _OFFICERS:
            values[f"{_WITH_IT}.{n}.form"] = (paper.form,)
            values[f"{_WITH_IT}.{n}.issuer"] = ("immigration_officer",)
    return Typed(values)


def _companion(draft: Draft, typed: Typed | None, n: int) -> Companion:
    judicial = draft.form == "judicial"
    title = queue.title(draft.form) if judicial else _("%s, signed by an immigration officer") % draft.form
    words = (
        _("Look at the court, the judge, the signature, the person named and what it orders. Only you can say it.")
        if judicial
        else _("An administrative warrant. It is not a judge’s.")
    )
    form = PaperForm(JUDICIAL if judicial else WARRANT, draft.reading, typed, f"w{n}.", needs=not judicial)
    return Companion(draft, title, words, form, judicial)

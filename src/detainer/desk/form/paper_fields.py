"""The fields of a paper form: each with what was read, where it stands on the page, and what a person makes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as mark

from detainer.desk.form.entry import Typed
from detainer.desk.form.fields import Choice, Field
from detainer.desk.form.typed import read_day
from detainer.desk.wording.values import DECISION_WORDS
from detainer.errors import UserError
from detainer.intake.confirming import CORRECTED, SINGLY, SURE, TOGETHER, TYPED
from detainer.intake.paper import turned

_CAUSES = {
    "final_order": mark("Final order of removal"),
    "proceedings": mark("Pending removal proceedings"),
    "biometrics": mark("Biometric match"),
    "statements": mark("Statements to an officer or other evidence"),
}
_ASKS = {name: DECISION_WORDS[name][:1].upper() + DECISION_WORDS[name][1:] for name in ("hold", "notify", "transfer")}
_HOW = {"in_person": mark("In person"), "inmate_mail": mark("By inmate mail"), "other": mark("Otherwise")}
_YES_NO = {"true": mark("Yes"), "false": mark("No")}


@dataclass(frozen=True)
class Kind:
    """One field of the forms: its label, its shape (text, day, choice, choices, flag), and what can be chosen."""

    name: str
    label: str
    shape: str = "text"
    offered: Mapping[str, str] = ()  # type: ignore[assignment]  # none to choose from
    hint: str = ""
    needed: str = ""  # what is said where it is left out


FORM = (
    Kind(
        "subject_name",
        mark("Name"),
        hint=mark("As the form spells it."),
        needed=mark("Write the name that stands on the form."),
    ),
    Kind("date_of_birth", mark("Date of birth"), "day"),
    Kind("sex", mark("Sex"), hint=mark("To tell people apart; it stays on the paper alone.")),
    Kind("file_number", mark("File number")),
    Kind("event_number", mark("Event number")),
    Kind("subject_id", mark("Subject ID")),
    Kind("form_date", mark("Date of the form"), "day"),
    Kind("to_agency", mark("To")),
    Kind("from_office", mark("From")),
    Kind("probable_cause", mark("Box 1: grounds of probable cause that are marked"), "choices", _CAUSES),
    Kind("resume_custody", mark("Box 2: is it marked that custody will be resumed?"), "flag"),
    Kind("asks", mark("What it asks for"), "choices", _ASKS, needed=mark("Say what it asks for.")),
    Kind("cancels_form_of", mark("Cancels the form of this date"), "day", hint=mark("Only where its box is marked.")),
    Kind("officer_name", mark("Immigration officer")),
    Kind("officer_signed", mark("Is it signed by the officer?"), "flag"),
    Kind("served_on", mark("Served on the person on"), "day"),
    Kind("served_how", mark("How it was served"), "choice", _HOW),
)
WARRANT = (
    Kind("subject_name", mark("Person named")),
    Kind("date_of_birth", mark("Date of birth"), "day"),
    Kind("file_number", mark("File number")),
    Kind("form_date", mark("Date"), "day"),
    Kind("officer_name", mark("Officer")),
    Kind("officer_signed", mark("Is it signed?"), "flag"),
)
JUDICIAL = (
    Kind("court", mark("Court"), needed=mark("Write the court, as the paper names it.")),
    Kind("judge", mark("Judge"), needed=mark("Write the judge's name, as the paper has it.")),
    Kind(
        "signed", mark("Is it signed by the judge?"), "flag", needed=mark("Say whether the judge's signature is on it.")
    ),
    Kind("subject_name", mark("Person named"), needed=mark("Write whom it names.")),
    Kind("orders", mark("What it orders"), hint=mark("In its own words."), needed=mark("Write what it orders.")),
    Kind("form_date", mark("Date"), "day"),
)


@dataclass(frozen=True)
class Spot:
    """One field as it is shown: the input, the place it was read from, and what must be ticked."""

    field: Field
    label: str
    page: int = 0  # 0: it was not read
    view: str = ""  # of the page's picture, in points
    size: tuple[int, int] = (0, 0)
    sheet: tuple[float, float] = (0, 0)
    score: str = ""
    source: str = ""
    tick: Choice | None = None


class PaperForm:
    """The fields of one draft as typed, or as read where nothing was typed yet.

    `values` and `how` are those that a person can stand for, `errors` what keeps them from it, by input name.
    """

    def __init__(
        self,
        kinds: tuple[Kind, ...],
        reading: Mapping[str, Any],
        typed: Typed | None,
        prefix: str,
        *,
        needs: bool = True,
    ) -> None:
        self.kinds, self.prefix, self.typed, self.needs = kinds, prefix, typed, needs
        self.read: Mapping[str, Mapping[str, Any]] = reading.get("fields", {})
        self.sizes: Mapping[str, Any] = reading.get("sizes", {})
        self.turns: Mapping[str, int] = reading.get("turns", {})
        self.values: dict[str, Any] = {}
        self.how: dict[str, str] = {}
        self.errors: dict[str, str] = {}
        self.together = [_(kind.label) for kind in kinds if self._score(kind) >= SURE]
        if typed is not None:
            for kind in kinds:
                self._take(kind, typed)

    @property
    def rest(self) -> str:
        """The name of the one tick for all values that were read surely."""
        return f"ok.{self.prefix}rest"

    @property
    def rest_id(self) -> str:
        """Its place on the page."""
        return _id(self.rest)

    @property
    def rest_ticked(self) -> bool:
        """Whether it is ticked."""
        return bool(self.typed and self.typed.one(self.rest))

    @property
    def spots(self) -> list[Spot]:
        """Every field, in the order of the form."""
        return [self._spot(kind) for kind in self.kinds]

    def missing(self) -> dict[str, str]:
        """What is said of each field that cannot be left out and was."""
        left = [kind for kind in self.kinds if kind.needed and self.values.get(kind.name) is None]
        return {self._name(kind): _(kind.needed) for kind in left if self._name(kind) not in self.errors}

    def labels(self) -> dict[str, tuple[str, str]]:
        """The label and the id of each input, by its name."""
        named = {self._name(kind): (_(kind.label), _id(self._name(kind))) for kind in self.kinds}
        ticks = {f"ok.{self.prefix}{kind.name}": (_(kind.label), _id(self._name(kind))) for kind in self.kinds}
        return named | ticks | {self.rest: (_("Values read plainly"), self.rest_id)}

    def _name(self, kind: Kind) -> str:
        return f"{self.prefix}{kind.name}"

    def _score(self, kind: Kind) -> float:
        return float(self.read[kind.name]["score"]) if kind.name in self.read else 0.0

    def _take(self, kind: Kind, typed: Typed) -> None:
        name = self._name(kind)
        try:
            value = _READ[kind.shape](kind, typed, name)
        except UserError as error:
            self.errors[name] = error.line()
            return
        if value is None or value == []:
            if kind.needed and self.needs:
                self.errors[name] = _(kind.needed)
                return
            if kind.name not in self.read:
                return
        read = self.read.get(kind.name)
        self.values[kind.name] = value
        if read is None:
            self.how[kind.name] = TYPED
        elif _differ(value, read["value"]):
            self.how[kind.name] = CORRECTED
        elif read["score"] >= SURE:
            self.how[kind.name] = TOGETHER
            if not typed.one(self.rest):
                self.errors[self.rest] = _("Compare them with the paper and tick the box.")
        else:
            self.how[kind.name] = SINGLY
            if not typed.one(f"ok.{name}"):
                self.errors[f"ok.{name}"] = _("Compare it with the paper and tick the box.")

    def _spot(self, kind: Kind) -> Spot:
        name = self._name(kind)
        read = self.read.get(kind.name)
        field = self._field(kind, name, read)
        if read is None:
            return Spot(field, _(kind.label))
        tick = None
        if read["score"] < SURE:
            ticked = bool(self.typed and self.typed.one(f"ok.{name}"))
            tick = Choice(f"{_id(name)}-ok", f"ok.{name}", "yes", _("I compared it with the paper"), ticked)
        sheet = self.sizes.get(str(read["page"]))
        box = read["box"]
        if not sheet or not box:
            return Spot(
                field, _(kind.label), read["page"], score=f"{read['score']:.2f}", source=read["source"], tick=tick
            )
        turn = self.turns.get(str(read["page"]), 0)  # the page is shown upright, and its places were kept as it came
        box = turned.box(box, sheet[0], sheet[1], turn)
        sheet = turned.size(sheet[0], sheet[1], turn)
        left, top = max(0.0, box[0] - 60), max(0.0, box[1] - 16)
        beside = 330 if kind.offered or kind.name == "resume_custody" else 40  # the words of a box stand right of it
        right, low = min(sheet[0], box[2] + beside), min(sheet[1], box[3] + 16)
        wide, high = right - left, low - top
        return Spot(
            field,
            _(kind.label),
            read["page"],
            f"{left:.1f} {top:.1f} {wide:.1f} {high:.1f}",
            (round(wide * 1.6), round(high * 1.6)),
            (sheet[0], sheet[1]),
            f"{read['score']:.2f}",
            read["source"],
            tick,
        )

    def _field(self, kind: Kind, name: str, read: Mapping[str, Any] | None) -> Field:
        error = self.errors.get(name, "") or self.errors.get(f"ok.{name}", "")
        given = read["value"] if read else None
        id_ = _id(name)
        if kind.shape in ("text", "day"):
            shown = _shown(kind, given) if self.typed is None else self.typed.one(name)
            hint = _(kind.hint) if kind.hint else (_("Like 11/24/2026.") if kind.shape == "day" else "")
            return Field(id_, name, _(kind.label), "line", shown, hint=hint, error=error)
        if self.typed is not None:
            chosen = set(self.typed.all(name)) - {""}
        elif given is None:
            chosen = set()
        elif kind.shape == "flag":
            chosen = {"true" if given else "false"}
        else:
            chosen = set(given) if kind.shape == "choices" else {given}
        offered = dict(_YES_NO if kind.shape == "flag" else kind.offered)
        if kind.shape != "choices":
            offered |= {"": mark("Not said")}
            chosen = chosen or {""}
        choices = tuple(
            Choice(f"{id_}-{n}", name, value, _(words), value in chosen)
            for n, (value, words) in enumerate(offered.items())
        )
        shape = "boxes" if kind.shape == "choices" else "radios"
        return Field(id_, name, _(kind.label), shape, "", choices, hint=_(kind.hint) if kind.hint else "", error=error)


def _shown(kind: Kind, value: Any) -> str:
    if value is None:
        return ""
    return f"{date.fromisoformat(value):%m/%d/%Y}" if kind.shape == "day" else str(value)


def _differ(value: Any, read: Any) -> bool:
    if isinstance(value, str) and isinstance(read, str):
        return " ".join(value.split()) != " ".join(read.split())
    return bool(value != read)


def _text(kind: Kind, typed: Typed, name: str) -> str | None:
    said = " ".join(typed.one(name).split())
    if len(said) > 200:
        raise UserError(_("Longer than 200 characters"))
    return said or None


def _day(kind: Kind, typed: Typed, name: str) -> str | None:
    said = typed.one(name)
    return read_day(said).isoformat() if said else None


def _choices(kind: Kind, typed: Typed, name: str) -> list[str]:
    said = {one for one in typed.all(name) if one}
    if said - set(kind.offered):
        raise UserError(_("That is not one of the answers"))
    return [one for one in kind.offered if one in said]


def _choice(kind: Kind, typed: Typed, name: str) -> str | None:
    said = typed.one(name)
    if said and said not in kind.offered:
        raise UserError(_("That is not one of the answers"))
    return said or None


def _flag(kind: Kind, typed: Typed, name: str) -> bool | None:
    said = typed.one(name)
    if said not in ("", "true", "false"):
        raise UserError(_("That is not one of the answers"))
    return said == "true" if said else None


_READ: Mapping[str, Callable[[Kind, Typed, str], Any]] = {
    "text": _text,
    "day": _day,
    "choices": _choices,
    "choice": _choice,
    "flag": _flag,
}


def _id(name: str) -> str:
    return "p-" + name.replace(".", "-").replace("_", "-")

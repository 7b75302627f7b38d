# ruff: noqa: E501, PLR0915, S311  a form is a page of places, and its people are drawn by lot
"""Forms of our own making with the fields of the I-247 family, to be read: every person on them is made up.

They carry the fields' names and boxes and none of the printed sentences of the real ones. `draw` makes one PDF in one of
several layouts, fillable or flat, from what `person` made up; what stands on it is known, so that reading can be counted.
"""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

FIRST = "Ada Bruno Celia Dario Elena Fausto Greta Hugo Irma Jonas Karla Luis Mina Nestor Olga Pavel Quirin Rosa Silvio Teresa".split()
LAST = "Abaroa Benning Castell Dunmore Estrada Fallow Giraldo Hartig Ibanez Jurado Kessler Lindo Marchetti Novak Ostrow".split()
LANDS = ("Freedonia", "Ruritania", "Sylvania", "Zubrowka", "Genovia")
OFFICES = (
    "500 Example Plaza, Room 210, Newtown, NY 10999",
    "12 Sample Street, Albany, NY 12099",
    "77 Model Road, Suite 4, Buffalo, NY 14299",
)
PLACES = ("Example County Jail", "Sampleton Police Department, 3rd Precinct", "Model City Department of Correction")
CAUSES = {
    "final_order": "A final order of removal against this person",
    "proceedings": "Pendency of ongoing removal proceedings",
    "biometrics": "Biometric confirmation of identity and a check of federal databases",
    "statements": "Statements made to an immigration officer and/or other reliable evidence",
}
TITLES = {
    "I-247A": "IMMIGRATION DETAINER - NOTICE OF ACTION",
    "I-247": "IMMIGRATION DETAINER - NOTICE OF ACTION",
    "I-247D": "IMMIGRATION DETAINER - REQUEST FOR VOLUNTARY ACTION",
    "I-247N": "REQUEST FOR VOLUNTARY NOTIFICATION",
    "I-247X": "REQUEST FOR VOLUNTARY TRANSFER",
}
ASKS = {
    "I-247A": (
        ("notify", "Notify DHS before release"),
        ("hold", "Maintain custody for a period NOT TO EXCEED 48 HOURS"),
    ),
    "I-247": (
        ("hold", "Maintain custody, excluding Saturdays, Sundays and holidays"),
        ("notify", "Notify this office of the time of release"),
    ),
    "I-247D": (
        ("hold", "Maintain custody for a period NOT TO EXCEED 48 HOURS"),
        ("notify", "Notify DHS before release"),
    ),
    "I-247N": (("notify", "Provide notice of release to DHS"),),
    "I-247X": (("transfer", "Transfer the person to the custody of DHS"),),
}


@dataclass
class Said:
    """What stands on a form, as it must be read."""

    form: str
    fields: dict[str, Any]
    citizenship: str
    printed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Look:
    """How a form is printed."""

    layout: str = "beside"  # beside, under, mixed
    fillable: bool = False
    boxes: str = "drawn"  # drawn, bracket, dingbat, filled
    font: str = "Helvetica"
    size: float = 9.5
    values: str = "Helvetica"
    shift: tuple[float, float] = (0, 0)
    dates: str = "%m/%d/%Y"
    names: str = "f{}"
    dense: bool = False  # long lines of small print under each heading, as on the form that is in use


# What such lines say does not matter; that they hold words like those of the labels does.
SMALL_PRINT = {
    "1": (
        "WHAT THIS PART SAYS OF THE SUBJECT IS A FINDING OF AN OFFICER WHO HAS LOOKED AT WHAT THE OFFICE HOLDS ABOUT HIM OR HER TO DATE",
        "and it stays such until another one is sent to whoever has the person then; the event of a move, the file and its number matter little for it",
    ),
    "2": (
        "This part is for somebody who was with the office before and was lent by it for a case of yours, to be fetched again once that is over and done",
    ),
    "ask": (
        "The office has no wish to change what is decided about bond, parole, work, quarters, programs or any matter of the kind because of this paper",
        "and would be glad of a word if the person falls ill, dies, or goes to some other place, and of a copy of this sheet going along in that event",
    ),
}


def person(seed: int, form: str = "I-247A") -> Said:
    """A made-up person and request."""
    dice = random.Random(seed)
    day = date(2025, 1, 1) + timedelta(days=dice.randrange(600))
    bare = f"{dice.randrange(10**8, 10**9)}"
    lent = dice.random() < 0.15
    fields: dict[str, Any] = {
        "subject_name": f"{dice.choice(LAST).upper()}, {dice.choice(FIRST)}",
        "date_of_birth": (date(1958, 3, 1) + timedelta(days=dice.randrange(16000))).isoformat(),
        "sex": dice.choice("MF"),
        "file_number": dice.choice(
            [f"A{bare}", f"A {bare[:3]} {bare[3:6]} {bare[6:]}", f"A{bare[:3]}-{bare[3:6]}-{bare[6:]}"]
        ),
        "event_number": f"{dice.choice(['NYC', 'BUF', 'ALB'])}{day:%y%m}{dice.randrange(10**6):06}",
        "subject_id": f"{dice.randrange(10**8, 10**9)}",
        "form_date": day.isoformat(),
        "to_agency": dice.choice(PLACES),
        "from_office": dice.choice(OFFICES),
        "probable_cause": []
        if lent
        else sorted(dice.sample(list(CAUSES), dice.choice([1, 1, 1, 2])), key=list(CAUSES).index),
        "asks": [ask for ask in ("hold", "notify", "transfer") if ask in dict(ASKS[form])],
        "resume_custody": lent,
        "officer_name": f"{dice.choice(FIRST)} {dice.choice(LAST)}, Deportation Officer",
        "officer_signed": dice.random() < 0.8,
    }
    if dice.random() < 0.25:
        fields["cancels_form_of"] = (day - timedelta(days=dice.randrange(20, 200))).isoformat()
    if dice.random() < 0.6:
        fields["served_on"] = (day + timedelta(days=dice.randrange(3))).isoformat()
        fields["served_how"] = dice.choice(["in_person", "inmate_mail", "other"])
    return Said(form, fields, dice.choice(LANDS))


def look(seed: int, *, fillable: bool | None = None) -> Look:
    """A way to print, picked by a number."""
    dice = random.Random(seed * 7919 + 1)
    filled = dice.random() < 0.4 if fillable is None else fillable
    return Look(
        layout=dice.choice(["beside", "under", "mixed"]),
        fillable=filled,
        boxes="filled" if filled else dice.choice(["drawn", "bracket", "dingbat"]),
        font=dice.choice(["Helvetica", "Times-Roman", "Helvetica"]),
        size=dice.choice([9, 9.5, 10]),
        values=dice.choice(["Helvetica", "Courier", "Times-Roman"]),
        shift=(dice.uniform(-8, 14), dice.uniform(-10, 6)),
        dates=dice.choice(["%m/%d/%Y", "%m/%d/%Y", "%B %d, %Y"]),
        names=dice.choice(["f{}", "form1[0].#subform[0].T{}[0]", "Text Field {}"]),
    )


class Sheet:
    """A page under the pen; places in points from the upper left."""

    def __init__(self, canvas: Canvas, look: Look) -> None:
        self.canvas, self.look, self.count = canvas, look, 0

    def label(self, x: float, y: float, text: str, *, bold: bool = False, size: float = 0) -> float:
        """Print form words; the x after their end."""
        font = {"Helvetica": "Helvetica-Bold", "Times-Roman": "Times-Bold"}[self.look.font] if bold else self.look.font
        size = size or self.look.size
        dx, dy = self.look.shift
        self.canvas.setFont(font, size)
        self.canvas.drawString(x + dx, letter[1] - y - dy, text)
        return x + self.canvas.stringWidth(text, font, size)

    def value(self, x: float, y: float, text: str, width: float) -> None:
        """Fill in a value at a place, or leave it blank."""
        dx, dy = self.look.shift
        self.count += 1
        if self.look.fillable:
            self.canvas.acroForm.textfield(
                name=self.look.names.format(self.count), value=text, x=x + dx, y=letter[1] - y - dy - 3, width=width, height=13,
                fontName="Helvetica", fontSize=9, borderWidth=0, maxlen=None,
            )  # fmt: skip
        elif text:
            size, room = self.look.size + 0.5, letter[0] - 12 - x - dx
            size *= min(1.0, room / self.canvas.stringWidth(text, self.look.values, size))
            self.canvas.setFont(self.look.values, size)
            self.canvas.drawString(x + dx, letter[1] - y - dy, text)
        if not self.look.fillable and self.look.layout == "beside":
            self.canvas.setLineWidth(0.4)
            self.canvas.line(x + dx, letter[1] - y - dy - 2.5, x + dx + width, letter[1] - y - dy - 2.5)

    def tick(self, x: float, y: float, on: bool) -> float:
        """A box to tick; the x after it."""
        dx, dy = self.look.shift
        left, low = x + dx, letter[1] - y - dy - 1
        pen = self.canvas
        self.count += 1
        if self.look.boxes == "filled":
            pen.acroForm.checkbox(
                name=self.look.names.format(self.count),
                checked=on,
                x=left,
                y=low,
                size=10,
                buttonStyle="cross",
                borderWidth=1,
            )
        elif self.look.boxes == "bracket":
            pen.setFont(self.look.font, 9.5)
            pen.drawString(left, low + 1, "[X]" if on else "[  ]")
        elif self.look.boxes == "dingbat":
            pen.setFont("ZapfDingbats", 10)
            pen.drawString(left, low + 1, "\u274f")
            if on:
                pen.drawString(left + 0.6, low + 1, "\u2718")
        else:
            pen.setLineWidth(0.8)
            pen.rect(left, low, 9, 9)
            if on:
                pen.line(left + 1, low + 1, left + 8, low + 8)
                pen.line(left + 1, low + 8, left + 8, low + 1)
        return x + 15

    def field(self, x: float, y: float, label: str, text: str, width: float) -> None:
        """A label with its value beside or under it."""
        under = self.look.layout == "under" or (self.look.layout == "mixed" and x > 250)
        end = self.label(x, y, label)
        if under:
            self.value(x + 2, y + 14, text, min(width, 200))
        else:
            self.value(end + 5, y, text, max(60, width - (end - x) - 5))

    def scrawl(self, x: float, y: float, dice: random.Random) -> None:
        """A signature in ink."""
        dx, dy = self.look.shift
        pen, at = self.canvas, letter[1] - y - dy
        pen.setLineWidth(1.1)
        path = pen.beginPath()
        path.moveTo(x + dx, at)
        for step in range(9):
            left = x + dx + step * 9
            path.curveTo(
                left + 3, at + dice.uniform(3, 13), left + 6, at - dice.uniform(0, 4), left + 9, at + dice.uniform(0, 5)
            )
        pen.drawPath(path)


def draw(said: Said, look: Look, *, notices: bool = False, canvas: Canvas | None = None) -> bytes:
    """The form as PDF."""
    out = io.BytesIO()
    pen = canvas or Canvas(out, pagesize=letter, pageCompression=1)
    _page(Sheet(pen, look), said)
    pen.showPage()
    if notices:
        for title, words in (
            ("AVISO AL DETENIDO", "Usted puede llamar. Este aviso es de ejemplo."),
            ("AVIS AU DETENU", "Vous pouvez appeler."),
        ):
            pen.setFont("Helvetica", 11)
            pen.drawString(80, 700, title)
            pen.drawString(80, 670, words)
            pen.drawString(80, 60, f"DHS Form {said.form} (3/17)   Page 2 of 3")
            pen.showPage()
    if canvas is None:
        pen.save()
    return out.getvalue()


def _page(sheet: Sheet, said: Said) -> None:
    get = said.fields.get

    def day(name: str) -> str:
        return date.fromisoformat(get(name)).strftime(sheet.look.dates) if get(name) else ""

    step = 30 if sheet.look.layout != "beside" else 22
    sheet.label(200, 44, "DEPARTMENT OF HOMELAND SECURITY", bold=True, size=10)
    sheet.label(170, 58, TITLES[said.form], bold=True, size=11)
    y = 84.0
    sheet.field(50, y, "Subject ID:", get("subject_id", ""), 220)
    sheet.field(330, y, "File No:", get("file_number", ""), 220)
    y += step
    sheet.field(50, y, "Event #:", get("event_number", ""), 220)
    sheet.field(330, y, "Date:", day("form_date"), 220)
    y += step + 4
    sheet.label(50, y, "TO: (Name and Title of Institution)")
    sheet.label(330, y, "FROM: (Office Address)")
    sheet.value(52, y + 14, get("to_agency", ""), 250)
    sheet.value(332, y + 14, get("from_office", ""), 250)
    y += 40
    sheet.field(50, y, "Name of Alien:", get("subject_name", ""), 400)
    y += step
    sheet.field(50, y, "Date of Birth:", day("date_of_birth"), 180)
    sheet.field(250, y, "Citizenship:", said.citizenship, 150)
    sheet.field(430, y, "Sex:", get("sex", ""), 100)
    y += step + 6
    sheet.label(50, y, "1. DHS HAS DETERMINED THAT PROBABLE CAUSE EXISTS. It rests on:", bold=True)
    y = _small_print(sheet, y, "1")
    for cause, words in CAUSES.items():
        y += 16
        sheet.label(sheet.tick(64, y, cause in get("probable_cause", [])), y, words)
    y += 22
    sheet.label(50, y, "2. DHS LENT THE PERSON TO YOU:", bold=True)
    y = _small_print(sheet, y, "2") + 16
    sheet.label(sheet.tick(64, y, bool(get("resume_custody"))), y, "Upon completion, DHS intends to resume custody")
    y += 24
    sheet.label(50, y, "IT IS THEREFORE REQUESTED THAT YOU:", bold=True)
    for ask, words in ASKS[said.form]:
        y += 16
        x = sheet.tick(64, y, ask in get("asks", [])) if said.form == "I-247" else sheet.label(64, y, "-  ")
        sheet.label(x, y, words)
    y = _small_print(sheet, y, "ask") + 22
    x = sheet.tick(64, y, "cancels_form_of" in said.fields)
    x = sheet.label(x, y, "If checked: please cancel the detainer previously submitted to you on")
    sheet.value(x + 5, y, day("cancels_form_of"), 110)
    y += 44
    sheet.value(60, y - 14, get("officer_name", ""), 210)
    sheet.label(60, y, "(Name and title of Immigration Officer)", size=8)
    if get("officer_signed"):
        sheet.scrawl(345, y - 14, random.Random(said.citizenship))
    sheet.label(340, y, "(Signature of Immigration Officer)", size=8)
    y += 26
    sheet.label(50, y, "TO BE COMPLETED BY THE LAW ENFORCEMENT AGENCY", bold=True)
    y += 20
    sheet.field(50, y, "Local Booking/Inmate #:", "", 220)
    sheet.field(330, y, "Estimated release date/time:", "", 230)
    y += step
    x = sheet.label(50, y, "This form was served upon the alien on")
    sheet.value(x + 5, y, day("served_on"), 100)
    y += 18
    x = 64.0
    for how, words in (
        ("in_person", "in person"),
        ("inmate_mail", "by inmate mail"),
        ("other", "other (please specify):"),
    ):
        x = sheet.label(sheet.tick(x, y, get("served_how") == how), y, words) + 18
    y += 40
    sheet.label(60, y, "(Name and title of Officer)", size=8)
    sheet.label(340, y, "(Signature of Officer)", size=8)
    sheet.label(50, 752, f"DHS Form {said.form} (3/17)", size=8)
    sheet.label(480, 752, "Page 1 of 3", size=8)


def _small_print(sheet: Sheet, y: float, part: str) -> float:
    for line in SMALL_PRINT[part] if sheet.look.dense else ():
        y += 10
        sheet.label(50, y, line, size=7)
    return y


WARRANT_TITLES = {"I-200": "WARRANT FOR ARREST OF ALIEN", "I-205": "WARRANT OF REMOVAL"}


def draw_warrant(kind: str, said: Said, *, signed: bool = True, canvas: Canvas | None = None) -> bytes:
    """A warrant of an immigration officer (I-200, I-205) or of a federal court (`judicial`) for the same person."""
    out = io.BytesIO()
    pen = canvas or Canvas(out, pagesize=letter, pageCompression=1)
    sheet, get = Sheet(pen, Look()), said.fields.get
    day = date.fromisoformat(get("form_date")).strftime("%m/%d/%Y")
    if kind == "judicial":
        sheet.label(200, 60, "UNITED STATES DISTRICT COURT", bold=True, size=12)
        sheet.label(220, 76, "for the Northern District of Example")
        sheet.label(230, 110, "ARREST WARRANT", bold=True, size=12)
        sheet.label(60, 140, "To: Any authorized officer")
        sheet.label(60, 170, "YOU ARE COMMANDED to take into custody and deliver to federal immigration authorities")
        sheet.field(60, 192, "Name of person:", get("subject_name"), 300)
        sheet.field(60, 214, "Date:", day, 200)
        if signed:
            sheet.scrawl(345, 300, random.Random(said.citizenship))
        sheet.label(340, 314, "Judge's signature", size=8)
        sheet.value(342, 344, "Vera Quill, United States Magistrate Judge", 220)
        sheet.label(340, 358, "Printed name and title", size=8)
    else:
        sheet.label(200, 50, "DEPARTMENT OF HOMELAND SECURITY", bold=True)
        sheet.label(220, 70, WARRANT_TITLES[kind], bold=True, size=12)
        sheet.field(60, 100, "File No:", get("file_number"), 200)
        sheet.field(330, 100, "Date:", day, 200)
        sheet.field(60, 130, "Name of Alien:", get("subject_name"), 300)
        sheet.label(60, 170, "Any officer named in the regulations may serve this.")
        if signed:
            sheet.scrawl(345, 300, random.Random(said.citizenship))
        sheet.label(340, 314, "(Signature of Immigration Officer)", size=8)
        sheet.value(342, 344, get("officer_name"), 220)
        sheet.label(340, 358, "(Name and title of Immigration Officer)", size=8)
        sheet.label(50, 752, f"Form {kind} (Rev. 09/16)", size=8)
    pen.showPage()
    if canvas is None:
        pen.save()
    return out.getvalue()


def draw_all(said: Said, *warrants: str, signed: bool = True) -> bytes:
    """A form and the warrants that come with it, in one file."""
    out = io.BytesIO()
    pen = Canvas(out, pagesize=letter, pageCompression=1)
    draw(said, Look(), canvas=pen)
    for kind in warrants:
        draw_warrant(kind, said, signed=signed, canvas=pen)
    pen.save()
    return out.getvalue()

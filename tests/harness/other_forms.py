# ruff: noqa: E501, ISC004, S311  a form is a page of places and words, and its people are drawn by lot
"""Forms of the I-247 family by another hand than `paper_forms`: dense lines, other people, boxes and ticks.

What was tuned on the forms of one maker is tried on those of another. All sentences are our own; the labels of fields are
those of the forms, since they name the fields.
"""

from __future__ import annotations

import io
import random
from datetime import date, timedelta
from typing import Any

from paper_forms import Said
from reportlab.lib.pagesizes import letter
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

PEOPLE = (
    "DE LA TORRE-VEGA, Juan Carlos",
    "O'MALLEY, Sean P.",
    "NGUYEN, Thi Minh",
    "Smith, John",
    "ABDI, Hodan",
    "QUISPE, Rosa Inés",
)
AGENCIES = (
    "Millbrook Central Booking, 9 Court Sq",
    "Sheriff, Lakeland County Jail, Box 9",
    "Harbor Island Facility, Bayview",
)
OFFICES = ("ERO, 26 Example Plz, Millbrook, NY 10998", "Removal Operations, 1 Test Ave, Lakeland, NJ 07099")
# Field, words after its box, in sentences of our own around the terms by which a reader knows the option.
CAUSES = (
    (
        "final_order",
        "There is a final order of removal against this individual, which no court has stayed or set aside so far;",
    ),
    (
        "proceedings",
        "There are ongoing removal proceedings against this individual before a judge, begun and not yet brought to an end;",
    ),
    (
        "biometrics",
        "Biometric confirmation of who this individual is, with a search of what several offices hold, points by itself or with other"
        " things known to a want of any right to remain, whatever was said or left unsaid in an interview; and/or",
    ),
    (
        "statements",
        "Statements that this individual made, and/or other reliable evidence from elsewhere, point to the same thing.",
    ),
)
RESUME = "Upon completion of what the individual was brought to you for, the office means to resume custody and to go on where it stopped."
ASKED = (
    "- Notify DHS before the individual is let go, with as much time between as there can be, by a call to the number above.",
    "- Maintain custody of the individual for a period NOT TO EXCEED 48 HOURS after the time at which the door would open, so that"
    " somebody can come. Nothing here bears on bond, work, or the part of the house in which anybody sleeps.",
)


def draw(seed: int) -> tuple[Said, bytes]:
    """What stands on a form, and the form as a flat PDF."""
    dice = random.Random(f"other {seed}")
    day = date(2024, 2, 1) + timedelta(days=dice.randrange(900))
    lent = dice.random() < 0.12
    number = [f"{dice.randrange(100, 1000)}" for _ in range(3)]
    fields: dict[str, Any] = {
        "subject_id": f"{dice.randrange(10**8, 10**9)}",
        "event_number": f"X{dice.choice(['NY', 'NJ', 'BU'])}{dice.randrange(10**9, 10**10)}",
        "file_number": dice.choice([" ".join(number), "A" + "".join(number)]),
        "form_date": day.isoformat(),
        "to_agency": dice.choice(AGENCIES),
        "from_office": dice.choice(OFFICES),
        "subject_name": dice.choice(PEOPLE),
        "date_of_birth": (date(1952, 5, 1) + timedelta(days=dice.randrange(18000))).isoformat(),
        "sex": dice.choice("MF"),
        "probable_cause": []
        if lent
        else [one for one, _ in CAUSES if one in dice.sample([name for name, _ in CAUSES], dice.choice([1, 1, 2]))],
        "resume_custody": lent,
        "asks": ["hold", "notify"],
        "officer_name": f"J. {dice.choice(['RAMOS', 'DOE', 'KIM'])} {dice.randrange(1000, 10000)} - Deportation Officer",
        "officer_signed": dice.random() < 0.8,
    }
    if not lent and not fields["probable_cause"]:
        fields["probable_cause"] = ["final_order"]
    if dice.random() < 0.3:
        fields["cancels_form_of"] = (day - timedelta(days=dice.randrange(9, 300))).isoformat()
    if dice.random() < 0.5:
        fields["served_on"] = day.isoformat()
        fields["served_how"] = dice.choice(["in_person", "inmate_mail", "other"])
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=letter)
    _Hand(canvas, dice).page(fields)
    canvas.showPage()
    canvas.save()
    return Said("I-247A", fields, "Zubrowka"), out.getvalue()


class _Hand:
    """Puts a form on a page, places in points from the upper left."""

    def __init__(self, canvas: Canvas, dice: random.Random) -> None:
        self.canvas, self.dice = canvas, dice
        self.font, self.bold = dice.choice([("Helvetica", "Helvetica-Bold"), ("Times-Roman", "Times-Bold")])
        self.filled = dice.choice(["Courier", "Helvetica", "Times-Roman"])
        self.lined, self.left = dice.random() < 0.8, 34 + dice.uniform(0, 10)

    def text(self, x: float, y: float, words: str, *, bold: bool = False, size: float = 8.5) -> float:
        """Printed words; the x after them."""
        font = self.bold if bold else self.font
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, letter[1] - y, words)
        return x + float(self.canvas.stringWidth(words, font, size))

    def value(self, x: float, y: float, width: float, words: str) -> None:
        """What is typed in, over its line."""
        self.canvas.setFont(self.filled, 9)
        self.canvas.drawString(x + 3, letter[1] - y + 0.5, words)
        if self.lined:
            self.canvas.setLineWidth(0.5)
            self.canvas.line(x, letter[1] - y - 2, x + width, letter[1] - y - 2)

    def field(self, x: float, y: float, label: str, words: str, width: float) -> None:
        """A label with its value after it."""
        self.value(self.text(x, y, f"{label} "), y, width, words)

    def box(self, x: float, y: float, *, on: bool) -> None:
        """A box, ticked by a cross, a letter or a check that reaches out of it."""
        pen, low = self.canvas, letter[1] - y
        pen.setLineWidth(0.7)
        pen.rect(x, low - 1, 7.5, 7.5)
        if on and (how := self.dice.choice("xlc")) == "c":
            pen.setLineWidth(1.2)
            pen.lines([(x + 1, low + 3, x + 3, low), (x + 3, low, x + 9, low + 9)])
        elif on and how == "x":
            pen.lines([(x + 1, low, x + 6.5, low + 5.5), (x + 1, low + 5.5, x + 6.5, low)])
        elif on:
            pen.setFont("Helvetica-Bold", 8.5)
            pen.drawString(x + 1, low, "X")

    def lines(self, x: float, y: float, words: str, *, bold: bool = False, size: float = 8.5) -> float:
        """A paragraph as wide as the page; the y under it."""
        for line in simpleSplit(words, self.bold if bold else self.font, size, 576 - x):
            self.text(x, y, line, bold=bold, size=size)
            y += size + 1.5
        return y

    def page(self, fields: dict[str, Any]) -> None:
        """The whole form."""
        left, get = self.left, fields.get

        def day(name: str) -> str:
            return f"{date.fromisoformat(get(name)):%m/%d/%Y}" if get(name) else ""

        self.text(212, 30, "DEPARTMENT OF HOMELAND SECURITY", bold=True, size=10)
        self.text(182, 43, "IMMIGRATION DETAINER - NOTICE OF ACTION", bold=True, size=10)
        self.field(left, 62, "Subject ID:", get("subject_id"), 120)
        self.field(left, 75, "Event #:", get("event_number"), 130)
        self.field(380, 62, "File No:", get("file_number"), 130)
        self.field(380, 75, "Date:", day("form_date"), 130)
        self.text(self.text(left, 95, "TO: ", bold=True), 95, "(Name and Title of Institution)", size=7)
        self.value(left + 4, 110, 260, get("to_agency"))
        self.text(self.text(330, 95, "FROM: ", bold=True), 95, "(DHS Office Address)", size=7)
        self.value(334, 110, 240, get("from_office"))
        self.field(left, 140, "Name of Alien:", get("subject_name"), 400)
        self.field(left, 155, "Date of Birth:", day("date_of_birth"), 110)
        self.field(230, 155, "Citizenship:", "Zubrowka", 110)
        self.field(430, 155, "Sex:", get("sex"), 60)
        y = self.lines(
            left,
            176,
            "1. DHS HAS DETERMINED THAT PROBABLE CAUSE EXISTS, FOR THE REASON OR THE REASONS THAT ARE MARKED HERE:",
            bold=True,
        )
        for name, words in CAUSES:
            self.box(left + 14, y + 2, on=name in get("probable_cause"))
            y = self.lines(left + 30, y + 2, words) + 1
        y = self.lines(
            left, y + 4, "2. THE OFFICE BROUGHT THE INDIVIDUAL TO YOU AND WANTS THE INDIVIDUAL BACK:", bold=True
        )
        self.box(left + 14, y + 2, on=get("resume_custody"))
        y = self.lines(left + 30, y + 2, RESUME)
        y = self.lines(left, y + 5, "IT IS THEREFORE REQUESTED THAT YOU:", bold=True)
        for words in ASKED:
            y = self.lines(left + 14, y + 2, words)
        self.box(left + 14, y + 5, on="cancels_form_of" in fields)
        x = self.text(left + 30, y + 5, "If checked: please cancel the detainer previously submitted to you on ")
        self.value(x, y + 5, 70, day("cancels_form_of"))
        y += 42
        self.value(60, y, 220, get("officer_name"))
        if get("officer_signed"):
            self.scrawl(350, y)
        self.text(85, y + 11, "(Name and title of Immigration Officer)", size=7)
        self.text(360, y + 11, "(Signature of Immigration Officer)", size=7)
        y = self.lines(
            left,
            y + 28,
            "Who has a question about this sheet, or knows of something that speaks against it, may call the office that sent it.",
            size=7.5,
        )
        y = self.lines(left, y + 10, "TO BE COMPLETED BY THE LAW ENFORCEMENT AGENCY", bold=True, size=7.5)
        self.field(left, y + 6, "Local Booking/Inmate #:", "", 90)
        self.field(300, y + 6, "Estimated release date/time:", "", 90)
        self.field(left, y + 20, "This form was served upon the alien on", day("served_on"), 70)
        x, y = 60.0, y + 34
        for how, words in (
            ("in_person", "in person"),
            ("inmate_mail", "by inmate mail delivery"),
            ("other", "other (please specify):"),
        ):
            self.box(x, y, on=get("served_how") == how)
            x = self.text(x + 12, y, words) + 20
        self.text(95, y + 40, "(Name and title of Officer)", size=7)
        self.text(380, y + 40, "(Signature of Officer)", size=7)
        self.text(left, 775, "DHS Form I-247A (3/17)", size=7.5)
        self.text(530, 775, "Page 1 of 3", size=7.5)

    def scrawl(self, x: float, y: float) -> None:
        """A signature in ink."""
        path = self.canvas.beginPath()
        at = letter[1] - y
        path.moveTo(x, at)
        for step in range(8):
            off = x + step * 12
            path.curveTo(
                off + 3, at + self.dice.uniform(4, 14), off + 6, at - 3, off + 12, at + self.dice.uniform(0, 4)
            )
        self.canvas.setLineWidth(1)
        self.canvas.drawPath(path)

"""What is known of one form while its pages are read, and what was read on each page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from detainer.intake.paper.kinds import Kind
from detainer.intake.paper.labels import Label
from detainer.intake.paper.marks import Marked
from detainer.intake.paper.place import Candidate, Found
from detainer.intake.paper.shapes import Box, Page

FORMS = ("I-247A", "I-247D", "I-247N", "I-247X", "I-247")
NAMES = (
    "subject_name",
    "date_of_birth",
    "sex",
    "file_number",
    "event_number",
    "subject_id",
    "form_date",
    "to_agency",
    "from_office",
    "probable_cause",
    "asks",
    "resume_custody",
    "cancels_form_of",
    "officer_name",
    "officer_signed",
    "served_on",
    "served_how",
)


@dataclass
class Form:
    """One form, or one warrant, of a file."""

    form: str
    pages: list[int] = field(default_factory=list)
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    hidden: list[dict[str, Any]] = field(default_factory=list)  # places that no picture may show
    sizes: dict[int, list[float]] = field(default_factory=dict)  # width and height of each page, in points
    turns: dict[int, int] = field(default_factory=dict)  # degrees clockwise that bring each page upright

    def put(self, name: str, value: Any, page: int, box: Box | None, score: float, source: str) -> None:
        """Keep a value where none surer is kept."""
        before = self.fields.get(name)
        if before is None or before["score"] < score:
            at = box.as_list() if box else None
            self.fields[name] = {"value": value, "page": page, "box": at, "score": round(score, 3), "source": source}

    def as_json(self, file: str) -> dict[str, Any]:
        """The form as an object of plain values, fields in the order of the form."""
        ordered = {name: self.fields[name] for name in (*NAMES, *self.fields) if name in self.fields}
        return {
            "file": file,
            "pages": self.pages,
            "form": self.form or None,
            "fields": ordered,
            "problems": self.problems,
        }


@dataclass
class Read:
    """One page read: its kind, values, boxes and what no label took."""

    page: Page
    kind: Kind
    labels: list[Label]
    found: list[Found]
    marked: list[Marked]
    rest: list[Candidate]

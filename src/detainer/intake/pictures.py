"""Pictures of papers in the queue, drawn when they are asked for and kept nowhere."""

from __future__ import annotations

import base64
import json
import subprocess
from dataclasses import dataclass
from typing import Any

from detainer.intake.models import Draft
from detainer.intake.paper.reading import apart

_SECONDS = 30


@dataclass(frozen=True)
class Picture:
    """A page as PNG, how many pages its file has, and the page's width and height in points."""

    png: bytes
    pages: int
    width: float
    height: float


def of_page(draft: Draft, number: int) -> Picture | None:
    """A page of a draft's paper, upright, with what nobody may read covered; None where it cannot be shown."""
    data = bytes(draft.paper.data)
    if not data:
        return None
    hidden = [one["box"] for other in draft.paper.drafts.all() for one in _hidden(other, number)]
    asked = {
        "number": number,
        "hidden": hidden,
        "size": _said(draft, "sizes", number),
        "turn": _said(draft, "turns", number) or 0,
    }
    try:
        done = apart(data, json.dumps(asked), seconds=_SECONDS)
        said = json.loads(done.stdout)
        return Picture(base64.b64decode(said["png"]), said["pages"], said["width"], said["height"])
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return None


def copy_of(draft: Draft) -> bytes | None:
    """A copy of a draft's own form as PDF, without the pages of anybody else's; None where none can be made.

    A file that holds one form alone is its own copy, byte for byte; else it is a picture of each of the form's pages.
    """
    data = bytes(draft.paper.data)
    if draft.paper.drafts.count() == 1 and data.startswith(b"%PDF-"):
        return data
    pages = draft.reading.get("pages") or []
    if not (data and pages):
        return None
    try:
        done = apart(data, json.dumps({"pages": pages}), seconds=_SECONDS)
        return base64.b64decode(json.loads(done.stdout)["pdf"])
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return None


def _said(draft: Draft, what: str, number: int) -> Any:
    """What the forms of a paper say of one of its pages; None where none does."""
    said = (other.reading.get(what, {}).get(str(number)) for other in draft.paper.drafts.all())
    return next((one for one in said if one), None)


def _hidden(draft: Draft, number: int) -> list[dict[str, list[float]]]:
    return [one for one in draft.reading.get("hidden", ()) if one["page"] == number]

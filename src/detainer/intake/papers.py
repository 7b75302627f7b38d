"""Papers into the queue: bytes and digest are kept at once, then the paper is read; the same bytes are one paper."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from detainer.clock import now
from detainer.errors import UserError
from detainer.intake import background, steps
from detainer.intake.models import Draft, Paper
from detainer.intake.paper import reading
from detainer.intake.paper.reading import Reading
from detainer.record import journal, personal
from detainer.record.agencies import book

AUTHOR = "system:intake"
LEAST_DAYS = 30


@dataclass(frozen=True)
class Taken:
    """A file that came and was read: what it says, and its place in the queue (None on a dry run)."""

    name: str
    reading: Reading
    paper: Paper | None = None
    already: bool = False

    def as_json(self) -> list[dict[str, Any]]:
        """One object a form."""
        return self.reading.as_json(self.name)


def take(data: bytes, name: str, agency: str, way: str, *, author: str = AUTHOR, dry_run: bool = False) -> Taken:
    """Give a paper its place in the agency's queue and read it here, whatever can be read on it; see `come`."""
    if dry_run:
        book().agency(agency, "--agency")
        return Taken(name, reading.read(data))
    paper, already = come(data, name, agency, way, author=author)
    return Taken(name, background.here(paper), paper, already)


def come(data: bytes, name: str, agency: str, way: str, *, author: str = AUTHOR) -> tuple[Paper, bool]:
    """Keep a paper and its place in the agency's queue, to be read by a worker; whether it was there before.

    UserError if no law file names the agency. The same bytes again are the same paper: nothing is added. Bytes that
    are more than any paper has are not kept; their place is.
    """
    book().agency(agency, "--agency")
    digest = sha256(data).hexdigest()
    if before := known(agency, digest):
        return before, True
    salt = secrets.token_hex(32)
    kept = len(data) <= reading.LARGEST
    with journal.batch():
        if before := known(agency, digest):  # somebody took in the same bytes meanwhile
            return before, True
        paper = Paper.objects.create(
            agency=agency,
            digest=digest,
            name=name[:200],
            data=data if kept else b"",
            came=now(),
            way=way,
            salt=salt if kept else "",
        )
        commitment = steps.commitment(salt, digest)
        steps.happened("paper_came", author, agency=agency, paper=paper.id, way=way, commitment=commitment)
        Draft.objects.create(paper=paper, state=Draft.READING)
        if not kept or not data:  # what is to be said of it needs no reading
            background.keep(paper.id, "", reading.read(data))
            paper.refresh_from_db()
    return paper, False


def known(agency: str, digest: str) -> Paper | None:
    """The agency's paper with these bytes; None where they never came."""
    return Paper.objects.filter(agency=agency, digest=digest).first()


def clear(agency: str, days: int, *, author: str = AUTHOR) -> int:
    """Remove the papers that came more than `days` ago and of which every form was set aside; how many.

    Each is an event; its commitment stays in the ledger. UserError for fewer than thirty days.
    """
    if days < LEAST_DAYS:
        raise UserError(f"papers that were set aside are kept {LEAST_DAYS} days at least", where="--clear")
    gone = 0
    with journal.batch():
        personal.overwrite()
        old = Paper.objects.filter(agency=agency, came__lt=now() - timedelta(days=days))
        kept = Draft.objects.exclude(state=Draft.ASIDE).values("paper_id")
        for paper in old.exclude(id__in=kept):
            steps.happened("paper_removed", author, agency=agency, paper=paper.id)
            paper.delete()
            gone += 1
    return gone


def forget(request_id: str) -> None:
    """Remove the papers of a request: bytes, name and what was read. Called when its personal data is removed.

    A file that has other people's forms too loses its bytes all the same; their drafts keep what was read.
    """
    for draft in Draft.objects.filter(request_id=request_id).select_related("paper"):
        paper = draft.paper
        draft.delete()
        if paper.drafts.exists():
            Paper.objects.filter(pk=paper.pk).update(data=b"", name="", salt="", said=[])
        else:
            paper.delete()

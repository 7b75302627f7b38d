"""What leaves the house as evidence: checkpoints, leaves without personal data, and proofs for a court."""

from __future__ import annotations

import json
import shutil
from base64 import b64encode
from typing import TYPE_CHECKING, Any

from detainer.errors import UserError
from detainer.record import keys, ledger, verify
from detainer.record.leaf import Leaf
from detainer.record.models import Checkpoint, Event, Personal, Request

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

README = """\
This folder shows a record of Detainer Desk to whoever wants to check it.

leaves.jsonl     every event, one a line, as the ledger commits to it; personal data is not in it
checkpoints.txt  every signed checkpoint (C2SP signed notes over an RFC 6962 tree)
verifiers.txt    the public keys they are signed with; compare them with those that the agency publishes elsewhere
verify.py        the check, one file: python verify.py . --key verifiers.txt
"""


def leaf(event: Event) -> str:
    """The leaf of an event as text."""
    columns = (event.kind, event.request_id, event.agency, event.happened, event.entered, event.author)
    return Leaf(*columns, event.public, event.personal).at(event.seq).decode()


def notes() -> Iterator[str]:
    """Every checkpoint, oldest first."""
    yield from Checkpoint.objects.order_by("place").values_list("note", flat=True).iterator()


def write(folder: Path, *, size: int | None = None) -> int:
    """Write the record's public side into a new folder; how many events. UserError where it is not new or not empty.

    With `size`, only what the checkpoint over the first so many events covers.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise UserError("is not empty", where=str(folder))
    size = size or ledger.latest().size
    with (folder / "leaves.jsonl").open("w", encoding="utf-8", newline="\n") as out:
        for event in Event.objects.filter(seq__lt=size).order_by("seq").iterator():
            out.write(f"{leaf(event)}\n")
    kept = Checkpoint.objects.filter(size__lte=size).order_by("place").values_list("note", flat=True)
    (folder / "checkpoints.txt").write_text("\n".join(kept.iterator()), encoding="utf-8", newline="\n")
    (folder / "verifiers.txt").write_text("".join(f"{key}\n" for key in keys.verifiers()), encoding="utf-8")
    (folder / "README.txt").write_text(README, encoding="utf-8")
    shutil.copyfile(verify.__file__, folder / "verify.py")
    return size


def proof(request: Request, *, personal: bool) -> dict[str, Any]:
    """Every step of a request with the proof that it stands in the last checkpoint's tree, for `verify.py`.

    With `personal`, the personal data too, as far as it was not removed; the rest is public.
    """
    checkpoint = ledger.latest()
    prove = ledger.Prover(checkpoint.size)
    return {
        "request": request.id,
        "number": request.number,
        "agency": request.agency,
        "checkpoint": checkpoint.note,
        "keys": [str(key) for key in keys.verifiers()],
        "events": [
            {
                "leaf": leaf(event),
                "path": [b64encode(step).decode() for step in prove.inclusion(event.seq)],
                "personal": _envelope(event) if personal else None,
            }
            for event in request.events().filter(seq__lt=checkpoint.size)
        ],
    }


def find(name: str, agency: str = "") -> Request:
    """The request of this id or number; UserError where there is none, or several agencies have the number."""
    found = Request.objects.filter(number=name) if "-" in name else Request.objects.filter(id=name)
    if agency:
        found = found.filter(agency=agency)
    these = list(found[:2])
    if len(these) == 1:
        return these[0]
    if not these:
        raise UserError("there is no such request", where=name)
    raise UserError("several agencies have a request of this number", where=name, fix="Add --agency.")


def as_text(proof: dict[str, Any]) -> str:
    """A proof as it is handed over."""
    return json.dumps(proof, ensure_ascii=False, indent=1) + "\n"


def _envelope(event: Event) -> dict[str, str] | None:
    kept = Personal.objects.filter(event_id=event.seq).first()
    return {"salt": kept.salt, "body": kept.body} if kept else None

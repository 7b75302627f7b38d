"""How a record begins: as a real one or as a demonstration, and which of the two it stays for ever."""

from __future__ import annotations

from detainer.clock import now
from detainer.errors import UserError
from detainer.record import canonical, keys
from detainer.record.batch import batch
from detainer.record.models import Event

HOUSE = "system:detainer"


def open_record(*, demonstration: bool) -> None:
    """Open the record, or see that it was opened so before; UserError where it was opened as the other kind.

    Its first event says for ever whether it is a demonstration, what it is called and which key signs it.
    """
    with batch() as writing:
        if writing.ledger.size == 0:
            signer = keys.first()
            public = {"demonstration": demonstration, "origin": signer.name, "key": str(signer.verifier)}
            writing.add(None, "opened", now(), HOUSE, public=public)
            writing.flush()
        elif is_demo() is not demonstration:
            raise UserError(
                "this record holds real requests: no demonstration can be loaded into it"
                if demonstration
                else "this record is a demonstration and stays one: it takes no real requests",
                fix="Set DETAINER_HOME or DETAINER_DATABASE to another record.",
            )


def is_demo() -> bool:
    """Whether this record is a demonstration; an empty one is not, yet."""
    first = Event.objects.filter(seq=0).values_list("public", flat=True).first()
    return first is not None and bool(canonical.decode(first)["demonstration"])


def rotate() -> tuple[str, str]:
    """Change the signing key: the checkpoint of the change carries both signatures, and an event names both keys.

    Returns the verifier keys before and after.
    """
    with batch() as writing:
        if writing.ledger.size == 0:
            raise UserError("the record is empty: there is no key to change yet")
        before = keys.signer()
        after = keys.successor(before)
        writing.ledger.signers = [before, after]
        named = str(before.verifier), str(after.verifier)
        writing.add(None, "key_rotated", now(), HOUSE, public={"from": named[0], "to": named[1]})
    keys.adopt(after)
    return named

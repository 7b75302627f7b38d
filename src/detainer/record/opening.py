"""How a record begins: as a real one or as a demonstration, and which of the two it stays for ever."""

from __future__ import annotations

from detainer.clock import now
from detainer.errors import UserError
from detainer.house import house
from detainer.record import canonical, keys
from detainer.record.batch import batch
from detainer.record.models import Event
from detainer.record.notes import Signer, Verifier

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


def lost(because: str) -> tuple[str, str]:
    """Replace a signing key that is gone for good; the checkpoints from here on are signed by the new one alone.

    Which keys signed so far is read from the record itself. The event names both keys, and keeps the reason as personal
    data. Returns the verifier keys before and after. UserError while the key is there, or without a reason.
    """
    if not because.strip():
        raise UserError("say how the key was lost: people will ask", fix="--because WORDS")
    with batch() as writing:
        if writing.ledger.size == 0:
            raise UserError("the record is empty: there is no key yet", fix="Make one with `detainer keys new`.")
        signed = _signed_by()
        before = signed[-1]
        if keys.is_there(before):
            raise UserError(
                "the key is there: {key}.key",
                where="{file}",
                fix="Change it with `detainer keys rotate`, also where others may have seen it.",
                key=before.id.hex(),
                file=str(house().keys),
            )
        after = Signer.make(before.name)
        writing.ledger.signers = [after]
        named = str(before), str(after.verifier)
        writing.add(
            None, "key_lost", now(), HOUSE, public={"from": named[0], "to": named[1]}, body={"because": because.strip()}
        )
        # In its file before the record says that it signs: a record whose key is nowhere could only lose it again.
        keys.put_away(after)
    keys.restore([*signed, after.verifier])
    return named


def _signed_by() -> list[Verifier]:
    """Every key that the record's own events name, oldest first."""
    told = Event.objects.filter(kind__in=("opened", "key_rotated", "key_lost")).order_by("seq")
    said = [event.published() for event in told]
    return [Verifier.read(one.get("key") or one["to"]) for one in said]


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

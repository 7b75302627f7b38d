"""What became of a request, or what the law last said about it, in one short line."""

from __future__ import annotations

from detainer.desk.values import requester
from detainer.record.models import Request

_FORBIDS = ("must_not", "silent")


def says(found: Request) -> str:
    """The line for the list: the acts on record first, then the law's word on hold and notice."""
    done = acts(found)
    if done:
        return ", ".join(done)
    if not found.decided_at:
        return "not decided yet"
    return law_says(found)


def acts(found: Request) -> list[str]:
    """What was done, each once, in the order of weight."""
    them = requester(found.from_)
    done = (
        ("withdrawn", found.withdrawn_at),
        (f"handed over to {them}", found.transferred_at),
        ("held past release" if found.released_at or found.transferred_at else "hold runs", found.held_at),
        (f"{them} told of release", found.told_at),
        ("declined", found.declined_at),
        ("released", found.released_at),
    )
    words = [word for word, when in done if when]
    if found.declined_at and not found.released_at and not found.transferred_at and found.releasable_at:
        words.append("release not recorded yet")
    return words


def law_says(found: Request) -> str:
    """The law's word on hold and notice, from the last determination."""
    hold, notify, them = found.modality_hold, found.modality_notify, requester(found.from_)
    if "undetermined" in (hold, notify):
        return "facts are missing: not settled yet"
    if hold == "not_applicable":
        return "nothing to answer"
    held = {"must": "Hold as the law commands.", "may": "You may hold."}.get(hold, "Release on time.")
    told = {"must": f"Tell {them}.", "may": f"You may tell {them}."}.get(notify, f"Do not tell {them}.")
    return f"{held} {told}"

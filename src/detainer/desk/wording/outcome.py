"""What became of a request, or what the law last said about it, in one short line."""

from __future__ import annotations

from detainer.desk.wording.values import requester
from detainer.desk.wording.words import say, tr
from detainer.record.models import Request

_FORBIDS = ("must_not", "silent")


def says(found: Request) -> str:
    """The line for the list: the acts on record first, then the law's word on hold and notice."""
    done = acts(found)
    if done:
        return ", ".join(done)
    if not found.decided_at:
        return tr("not decided yet")
    return law_says(found)


def acts(found: Request) -> list[str]:
    """What was done, each once, in the order of weight."""
    them = requester(found.from_)
    done = (
        (tr("withdrawn"), found.withdrawn_at),
        (say("handed over to {them}", them=them), found.transferred_at),
        (tr("held past release" if found.released_at or found.transferred_at else "hold runs"), found.held_at),
        (say("{them} told of release", them=them), found.told_at),
        (tr("declined"), found.declined_at),
        (tr("released"), found.released_at),
    )
    words = [word for word, when in done if when]
    if found.declined_at and not found.released_at and not found.transferred_at and found.releasable_at:
        words.append(tr("release not recorded yet"))
    return words


def law_says(found: Request) -> str:
    """The law's word on hold and notice, from the last determination."""
    hold, notify, them = found.modality_hold, found.modality_notify, requester(found.from_)
    if "undetermined" in (hold, notify):
        return tr("facts are missing: not settled yet")
    if hold == "not_applicable":
        return tr("nothing to answer")
    held = {"must": "Hold as the law commands.", "may": "You may hold."}.get(hold, "Release on time.")
    told = {"must": "Tell {them}.", "may": "You may tell {them}."}.get(notify, "Do not tell {them}.")
    return f"{tr(held)} {say(told, them=them)}"

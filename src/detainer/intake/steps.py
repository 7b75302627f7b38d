"""What the record says of a paper before it belongs to a request: events of the house, with ids alone.

From then on its steps are the request's own ("attached"), and what was read goes into their removable body.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta

from detainer.clock import now
from detainer.record import canonical, journal, kinds
from detainer.record.models import Event

# `commitment` is SHA-256 over the paper's salt and digest: it says nothing once the salt is gone with the paper.
KINDS: dict[str, frozenset[str]] = {
    "paper_came": frozenset({"agency", "paper", "way", "commitment"}),
    "paper_shown": frozenset({"agency", "draft", "what"}),
    "paper_aside": frozenset({"agency", "draft"}),
    "paper_removed": frozenset({"agency", "paper"}),
}
_LOOK_AGAIN = timedelta(minutes=10)


def happened(kind: str, author: str, **public: str) -> Event:
    """Record one; UserError where a value is more than a word or an id."""
    if unknown := public.keys() - KINDS[kind]:
        raise ValueError(f"{kind} does not say {sorted(unknown)}")
    kinds.words(kind, public)
    with journal.batch() as writing:
        if writing.ledger.size == 0:
            journal.open_record(demonstration=False)
        return writing.add(None, kind, now(), author, public=public)


def commitment(salt: str, digest: str) -> str:
    """What the record says of a paper's bytes while they are kept."""
    return f"sha256:{hashlib.sha256(bytes.fromhex(salt) + bytes.fromhex(digest)).hexdigest()}"


def is_as_came(paper_id: str, salt: str, digest: str, data: bytes) -> bool:
    """Whether a paper's bytes are those that came, as the ledger committed to them."""
    if hashlib.sha256(data).hexdigest() != digest:
        return False
    told = Event.objects.filter(kind="paper_came", public__contains=f'"{paper_id}"').values_list("public", flat=True)
    said = [canonical.decode(one) for one in told]
    return any(hmac.compare_digest(one.get("commitment", ""), commitment(salt, digest)) for one in said)


def shown(agency: str, draft_id: str, what: str, author: str, before: Callable[[], None] = lambda: None) -> None:
    """Record that somebody looked at a paper: once for each person, paper and ten minutes; `before` can refuse it."""
    last = (
        Event.objects.filter(kind="paper_shown", author=author, public__contains=f'"{draft_id}"')
        .order_by("-seq")
        .first()
    )
    if last is None or last.entered_at <= now() - _LOOK_AGAIN:
        before()
        happened("paper_shown", author, agency=agency, draft=draft_id, what=what)

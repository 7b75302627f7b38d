"""Nothing is said to be recorded that is not: errors that are swallowed, and a server that came back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from detainer.record import ledger
from detainer.record.models import Event, Request
from detainer.record.sending import Rounds

Take = Callable[..., Request]


@pytest.fixture
def spoilt() -> Iterator[None]:
    """Whoever keeps counts loses the transaction, as by a network that is cut or a disk that is full."""

    def lose(**_: object) -> None:
        with transaction.atomic():
            bare = connection.connection
            assert bare is not None
            if connection.vendor == "sqlite":
                bare.rollback()  # SQLite's own answer to a full disk
            else:
                bare.close()
            Event.objects.count()

    ledger.grown.connect(lose)
    try:
        yield
    finally:
        ledger.grown.disconnect(lose)


@pytest.mark.django_db(transaction=True)
def test_a_transaction_lost_while_counts_are_kept_is_not_acknowledged(
    request_in: Take, request: pytest.FixtureRequest
) -> None:
    request_in()
    before = Event.objects.count()
    request.getfixturevalue("spoilt")
    with pytest.raises(DatabaseError, match="nothing of it is recorded"):
        request_in()
    assert Event.objects.count() == before
    assert ledger.verify() == []


@pytest.mark.django_db(transaction=True)
def test_what_a_listener_gets_wrong_by_itself_keeps_nothing_out(request_in: Take) -> None:
    def wrong(**_: object) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")

    ledger.grown.connect(wrong)
    try:
        made = request_in()
    finally:
        ledger.grown.disconnect(wrong)
    assert Event.objects.filter(request_id=made.id).exists()
    assert ledger.verify() == []


class Watched(threading.Event):
    """An event that tells when somebody waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self.waited = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.set()
        return super().wait(timeout)


@pytest.mark.parametrize(("stood", "answered"), [(1.0, True), (3.0, False)])
def test_another_threads_answer_holds_only_by_a_connection_older_than_our_commit(stood: float, answered: bool) -> None:
    """The server failed after our commit at 2 and lost it; one that connected at 3 is answered by the next server."""
    rounds, over = Rounds(), Watched()
    rounds._next.over = over  # to see that we wait before the answer comes
    asked, got = list[str](), list[bool]()
    with rounds._turn:  # a round that still goes
        other = threading.Thread(target=lambda: rounds.settled(lambda: asked.append("other"), since=9, stood=stood))
        other.start()
        while not rounds._next.begun:
            time.sleep(0.001)
        ours = threading.Thread(target=lambda: got.append(rounds.settled(lambda: asked.append("we"), since=2, stood=0)))
        ours.start()
        assert over.waited.wait(30)
    other.join(30)
    ours.join(30)
    assert asked == ["other"]
    assert got == [answered]

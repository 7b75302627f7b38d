"""Nothing is said to be recorded that is not, where an error is swallowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from detainer.record import ledger
from detainer.record.models import Event, Request

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
